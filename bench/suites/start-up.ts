import { readFile } from "node:fs/promises";
import manifest from "../../package.json" with { type: "json" };
import { coldStarts } from "../lib/cold-start.ts";
import type { Goal, Suite } from "../lib/goal.ts";
import { builtEntry, officialEntry } from "../lib/paths.ts";

/** Goal 1: what a program pays for importing the package and making a client. */
export const startUp: Suite = {
  name: "start-up",
  async run({ progress }): Promise<Goal[]> {
    progress("cold starts, 31 rounds of 5 processes");
    const loaded = await staticDependencies();
    const imports = (names: readonly string[]) =>
      names.map((name) => `import ${JSON.stringify(import.meta.resolve(name))};`).join("\n");
    const times = await coldStarts({
      ours: `import { KestraArenaClient } from ${JSON.stringify(builtEntry)};
new KestraArenaClient({ url: "http://127.0.0.1:9" });`,
      dependencies: imports(Object.keys(manifest.dependencies)),
      loaded: imports(loaded),
      official: `import { createRequire } from "node:module";
const { ApiClient } = createRequire(import.meta.url)(${JSON.stringify(officialEntry)});
new ApiClient("http://127.0.0.1:9");`,
    });
    const ms = (value: number) => `${value.toFixed(0)} ms`;
    return [
      {
        id: "1",
        title: "import and a constructed client, over the official client's",
        value: times.ours / times.official,
        limit: 0.25,
        note: `${ms(times.ours)} against ${ms(times.official)}, over an empty script`,
        limitedBy: `the files of ${loaded.join(", ")}: ${ms(times.loaded)}; all else is loaded at its first use. It lies at the limit: runs fall on either side of it, 0.239 to 0.254. Tried: what is loaded at the start in 2 files instead of 15, which gained 3 ms here and lost 3 to 5 for datasets, evaluation and routes`,
      },
      {
        id: "1b",
        title: "the same, over the import of its dependencies alone",
        value: times.ours / times.dependencies,
        limit: 1.1,
        note: `${ms(times.dependencies)} for ${Object.keys(manifest.dependencies).join(", ")}`,
        limitedBy: `over ${loaded.join(", ")} alone, which is all that is loaded at the start, it is ${(times.ours / times.loaded).toFixed(2)}: the client's own code has to be read too`,
      },
    ];
  },
};

/** The packages that the built main entry imports as it is loaded. */
async function staticDependencies(): Promise<string[]> {
  const names = new Set<string>();
  const visit = async (path: string, seen: Set<string>) => {
    if (seen.has(path)) return;
    seen.add(path);
    const code = await readFile(path, "utf8");
    for (const [, name = ""] of code.matchAll(/^(?:import|export)\b[^;]*?["']([^"']+)["'];/gm)) {
      if (name.startsWith(".")) await visit(new URL(name, `file://${path}`).pathname, seen);
      else if (!name.startsWith("node:")) names.add(name);
    }
  };
  await visit(builtEntry, new Set());
  return [...names];
}
