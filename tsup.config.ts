import { defineConfig } from "tsup";

const entry = {
  index: "src/index.ts",
  datasets: "src/datasets/index.ts",
  evaluation: "src/evaluation/index.ts",
  routes: "src/routes/index.ts",
  testing: "src/testing/index.ts",
};

export default defineConfig({
  // The command line has no types to publish. It brings commander with it, so that who imports the library installs none.
  entry: { ...entry, cli: "src/cli/main.ts" },
  format: "esm",
  target: "node22",
  platform: "node",
  // An object, not `true`: with an array of entries tsup moves the outputs.
  dts: { entry },
  // A stale chunk of an earlier build would be published.
  clean: true,
  splitting: true,
  treeshake: true,
  sourcemap: false,
});
