import { execFile } from "node:child_process";
import { mkdtemp, readdir, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { gzipSync } from "node:zlib";
import { build, type Plugin } from "esbuild";
import type { Goal, Suite } from "../lib/goal.ts";
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
    return [
      {
        id: "2",
        title: "gzip of a bundle with the client alone, over the official client's",
        value: ours.loaded / official.all,
        limit: 0.12,
        note: `${kB(ours.loaded)} against ${kB(official.all)}: what a started match loads; with the templates and all else behind import() ${kB(ours.all)}`,
      },
      {
        id: "3",
        title: "runtime packages",
        value: installed.packages,
        limit: 4,
        unit: "packages",
        note: installed.names.join(", "),
      },
      {
        id: "3b",
        title: "installed bytes, over the official client's",
        value: installed.bytes / officialBytes,
        limit: 0.4,
        note: `${kB(installed.bytes)} against ${kB(officialBytes)}`,
      },
    ];
  },
};

interface BundleBytes {
  /** All chunks. */
  all: number;
  /** Those that are loaded at start-up, and the transport. */
  loaded: number;
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
  let all = 0;
  let loaded = 0;
  const outputs = Object.entries(result.metafile.outputs);
  const deferred = outputs
    .filter(([, { inputs }]) =>
      Object.keys(inputs).some((path) => /\/(yaml|croner|cronstrue|diff)\//.test(path)),
    )
    .map(([path]) => path);
  for (const file of result.outputFiles) {
    const bytes = gzipSync(file.contents).byteLength;
    all += bytes;
    if (!deferred.some((path) => file.path.endsWith(path))) loaded += bytes;
  }
  return { all, loaded };
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

/** Installs the packed tarball into an empty folder, as a user does. */
async function install(): Promise<{ packages: number; names: string[]; bytes: number }> {
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
    return {
      packages: names.length,
      names,
      bytes: await folderBytes(join(folder, "node_modules")),
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
