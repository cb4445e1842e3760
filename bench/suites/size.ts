import { execFile } from "node:child_process";
import { mkdtemp, readdir, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { promisify } from "node:util";
import { gzipSync } from "node:zlib";
import { build, type Plugin } from "esbuild";
import type { Goal, Suite } from "../lib/goal.ts";
import { loadedAtStart } from "../lib/loaded-at-start.ts";
import { builtEntry, root } from "../lib/paths.ts";

const run = promisify(execFile);

/** Goals 2 and 3: what ends up in a bundle, and on the disk. Counts, not times. */
export const size: Suite = {
  name: "size",
  async run({ progress }): Promise<Goal[]> {
    progress("bundles");
    const ours = await bundledBytes(
      `import { KestraArenaClient } from ${JSON.stringify(builtEntry)}; globalThis.client = new KestraArenaClient();`,
    );
    const official = await bundledBytes(
      `const { KestraClient } = require(${JSON.stringify("@kestra-io/kestra-sdk")}); globalThis.client = KestraClient;`,
    );
    progress("installed packages");
    const installed = await install();
    const officialBytes = await folderBytes(join(root, "bench/peers/node_modules"));
    const kB = (bytes: number) => `${Math.round(bytes / 1_000)} kB`;
    const share = (bytes: number) => (bytes / official.loaded).toFixed(2);
    return [
      {
        id: "2",
        title: "gzip of a bundle with the client alone, over the official client's",
        value: ours.loaded / official.loaded,
        limit: 0.12,
        note: `${kB(ours.loaded)} against ${kB(official.loaded)}; what is loaded at its first use comes to ${kB(ours.all - ours.loaded)} more`,
        limitedBy: `zod (${share(ours.zod)}) and the client's own code (${share(ours.own)}), each of which alone is more than the limit. Tried: yaml (36 kB) was taken out of it. zod/mini would save 16 kB of zod's and still miss, and has no English messages of its own; the compiler that goal 12 needs is 8 kB; what starts and watches executions could wait behind import() too, but every program that has a client needs it`,
      },
      {
        id: "3",
        title: "runtime packages",
        value: installed.names.length,
        limit: 4,
        unit: "packages",
        note: installed.names.join(", "),
        limitedBy:
          "each is used by the client: all else is bundled into the command line, or an optional peer",
      },
      {
        id: "3b",
        title: "installed bytes, over the official client's",
        value: installed.bytes / officialBytes,
        limit: 0.4,
        note: `${kB(installed.bytes)} against ${kB(officialBytes)}; this package is ${kB(installed.ownBytes)} of it, with evaluation, datasets, routes, flows and command line`,
        limitedBy: `zod, ${kB(installed.zodBytes)} (${(installed.zodBytes / officialBytes).toFixed(2)}), half of it its own sources. Minified code and bundled copies of the other three would bring it to 0.4 by estimate: then nobody could read a stack trace, or update yaml without this package`,
      },
    ];
  },
};

interface BundleBytes {
  /** All chunks. */
  all: number;
  /** Those that are loaded at the start. */
  loaded: number;
  /** The part of zod in them, by its share of the bytes before gzip. */
  zod: number;
  /** The part of this package in them. */
  own: number;
}

async function bundledBytes(source: string): Promise<BundleBytes> {
  const result = await build({
    stdin: { contents: source, resolveDir: join(root, "bench/peers"), loader: "js" },
    bundle: true,
    minify: true,
    write: false,
    metafile: true,
    format: "esm",
    splitting: true,
    platform: "node",
    target: "node22",
    outdir: "out",
    logLevel: "silent",
    plugins: [stubMissing],
  });
  const { outputs } = result.metafile;
  const loaded = loadedAtStart(result.metafile);
  const bytes: BundleBytes = { all: 0, loaded: 0, zod: 0, own: 0 };
  for (const { path, contents } of result.outputFiles) {
    const name = `out/${basename(path)}`;
    const zipped = gzipSync(contents).byteLength;
    bytes.all += zipped;
    if (!loaded.has(name)) continue;
    bytes.loaded += zipped;
    for (const [input, { bytesInOutput }] of Object.entries(outputs[name]?.inputs ?? {})) {
      const part = (zipped * bytesInOutput) / contents.byteLength;
      if (input.includes("node_modules/zod/")) bytes.zod += part;
      else if (input.startsWith("dist/")) bytes.own += part;
    }
  }
  return bytes;
}

const stubMissing: Plugin = {
  name: "stub what the official client lacks",
  setup({ onResolve, resolve }) {
    onResolve({ filter: /^\./ }, async ({ path, pluginData, ...options }) => {
      if (pluginData === "asked" || !options.resolveDir.includes("kestra-sdk")) return undefined;
      const resolved = await resolve(path, { ...options, pluginData: "asked" });
      if (resolved.errors.length === 0) return resolved;
      return { path: join(root, "bench/peers/stub.cjs") };
    });
  },
};

interface Installed {
  names: string[];
  bytes: number;
  ownBytes: number;
  zodBytes: number;
}

/** Installs the packed tarball into an empty folder, as a user does. */
async function install(): Promise<Installed> {
  const folder = await mkdtemp(join(tmpdir(), "kestra-arena-size-"));
  try {
    await run("npm", ["pack", "--silent", "--pack-destination", folder], { cwd: root });
    const [tarball = ""] = await readdir(folder);
    await writeFile(join(folder, "package.json"), "{}");
    await run("npm", ["install", "--silent", "--no-audit", "--no-fund", `./${tarball}`], {
      cwd: folder,
    });
    const { stdout } = await run("npm", ["ls", "--all", "--parseable"], { cwd: folder });
    const names = stdout
      .trim()
      .split("\n")
      .flatMap((path) => path.split("node_modules/").slice(1).at(-1) ?? [])
      .filter((name) => name !== "kestra-arena");
    const packages = join(folder, "node_modules");
    return {
      names,
      bytes: await folderBytes(packages),
      ownBytes: await folderBytes(join(packages, "kestra-arena")),
      zodBytes: await folderBytes(join(packages, "zod")),
    };
  } finally {
    await rm(folder, { recursive: true });
  }
}

async function folderBytes(folder: string): Promise<number> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const sizes = await Promise.all(
    entries
      .filter((entry) => entry.isFile())
      .map(async (entry) => (await stat(join(entry.parentPath, entry.name))).size),
  );
  return sizes.reduce((sum, bytes) => sum + bytes, 0);
}
