import { readFile } from "node:fs/promises";
import { coldStarts } from "../lib/cold-start.ts";
import type { Goal, Suite } from "../lib/goal.ts";
import { builtEntry, officialEntry } from "../lib/paths.ts";

/** Goal 1: what a program pays for importing the package and making a client. */
export const startUp: Suite = {
  name: "start-up",
  async run({ progress }): Promise<Goal[]> {
    progress("cold starts, 15 rounds of 4 processes");
    const dependencies = await staticDependencies();
    const times = await coldStarts({
      ours: `import { KestraArenaClient } from ${JSON.stringify(builtEntry)};
new KestraArenaClient({ url: "http://127.0.0.1:9" });`,
      dependencies: dependencies
        .map((name) => `import ${JSON.stringify(import.meta.resolve(name))};`)
        .join("\n"),
      official: `import { createRequire } from "node:module";
const { ApiClient } = createRequire(import.meta.url)(${JSON.stringify(officialEntry)});
new ApiClient("http://127.0.0.1:9");`,
    });
    const list = dependencies.join(", ");
    const ms = (value: number) => `${value.toFixed(0)} ms`;
    return [
      {
        id: "1",
        title: "import and a constructed client, over the official client's",
        value: times.ours / times.official,
        limit: 0.25,
        note: `${ms(times.ours)} against ${ms(times.official)}, over an empty script; ky, yaml and the rest are loaded at first use`,
      },
      {
        id: "1b",
        title: "the same, over the import of its own static dependencies",
        value: times.ours / times.dependencies,
        limit: 1.1,
        note: `${ms(times.dependencies)} for ${list}, whose files are what is paid for`,
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
