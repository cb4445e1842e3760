import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";

const source = (path: string) => fileURLToPath(new URL(path, import.meta.url));

const alias = [
  { find: /^kestra-arena$/, replacement: source("./src/index.ts") },
  {
    find: /^kestra-arena\/(evaluation|datasets|routes|testing)$/,
    replacement: source("./src/$1/index.ts"),
  },
];

export default defineConfig({
  resolve: { alias },
  test: {
    reporters: ["default", "./test/support/closing-line-reporter.ts"],
    coverage: {
      provider: "v8",
      // What starts, watches and reads flows; why all of it: docs/coverage.md.
      include: ["src/{kestra,flows,executions}/**"],
      thresholds: { branches: 100 },
      reporter: ["text", "json"],
      reportsDirectory: "coverage",
    },
    projects: [
      {
        extends: true,
        // A busy machine is no failure: the limits only end what hangs.
        test: {
          name: "unit",
          include: ["test/unit/**/*.test.ts", "test/docs/**/*.test.ts"],
          testTimeout: 120_000,
        },
      },
      {
        extends: true,
        test: { name: "contract", include: ["test/contract/**/*.test.ts"], testTimeout: 120_000 },
      },
      {
        extends: true,
        test: {
          name: "types",
          include: [],
          // Source errors are `npm run check`'s to find, over the whole tree.
          typecheck: {
            enabled: true,
            only: true,
            ignoreSourceErrors: true,
            include: ["test/types/**/*.test-d.ts"],
          },
        },
      },
      {
        extends: true,
        test: {
          name: "package",
          include: ["test/package/**/*.test.ts"],
          testTimeout: 300_000,
          hookTimeout: 300_000,
        },
      },
      {
        extends: true,
        test: {
          name: "browser",
          include: ["test/browser/**/*.test.ts"],
          testTimeout: 300_000,
          hookTimeout: 300_000,
        },
      },
      {
        extends: true,
        test: {
          name: "engine",
          include: ["test/engine/**/*.test.ts"],
          globalSetup: ["test/engine/setup.ts"],
          testTimeout: 300_000,
          hookTimeout: 300_000,
          // Two engines and a handful of test processes are what two cores can carry.
          maxWorkers: 2,
        },
      },
    ],
  },
});
