import { basename } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { build } from "esbuild";
import { describe, expect, it } from "vitest";
import { loadedAtStart } from "../../../bench/lib/loaded-at-start.ts";
import lock from "../../../package-lock.json" with { type: "json" };

const root = fileURLToPath(new URL("../../../", import.meta.url));

interface LockedPackage {
  version?: string;
  dependencies?: Record<string, string>;
}

describe("The main entry", () => {
  it("loads no package but zod before it is asked for something", async () => {
    const { metafile } = await bundle('export * from "./src/index.ts";', "external");
    const loaded = [...loadedAtStart(metafile)].flatMap((path) =>
      (metafile.outputs[path]?.imports ?? [])
        .filter(({ kind, external }) => kind === "import-statement" && external === true)
        .map(({ path: name }) => name),
    );
    expect([...new Set(loaded)].filter((name) => !name.startsWith("node:"))).toEqual(["zod"]);
  });

  it("takes at most 75 kB of a bundle with the client alone", async () => {
    const { metafile, outputFiles } = await bundle(
      'import { KestraArenaClient } from "./src/index.ts"; globalThis.client = new KestraArenaClient();',
      "bundle",
    );
    const loaded = new Set([...loadedAtStart(metafile)].map((path) => basename(path)));
    const bytes = outputFiles
      .filter(({ path }) => loaded.has(basename(path)))
      .reduce((sum, { contents }) => sum + gzipSync(contents).byteLength, 0);
    // Less than this would say that nothing was bundled.
    expect(bytes).toBeGreaterThan(40_000);
    expect(bytes).toBeLessThanOrEqual(75_000);
  });
});

describe("The package", () => {
  it("installs four packages: itself needs no more", () => {
    const packages = lock.packages as Record<string, LockedPackage | undefined>;
    const installed = new Set<string>();
    const add = (names: Record<string, string> = {}) => {
      for (const name of Object.keys(names)) {
        if (installed.has(name)) continue;
        installed.add(name);
        add(packages[`node_modules/${name}`]?.dependencies);
      }
    };
    add(lock.packages[""].dependencies);
    expect([...installed].sort()).toEqual(["croner", "eventsource-parser", "yaml", "zod"]);
  });
});

function bundle(contents: string, packages: "bundle" | "external") {
  return build({
    stdin: { contents, resolveDir: root, loader: "ts" },
    packages,
    bundle: true,
    minify: true,
    splitting: true,
    write: false,
    metafile: true,
    format: "esm",
    platform: "node",
    target: "node22",
    outdir: "out",
    absWorkingDir: root,
    logLevel: "silent",
  });
}
