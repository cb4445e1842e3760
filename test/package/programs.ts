import { readFileSync } from "node:fs";
import { join } from "node:path";
import { root } from "./pack.ts";

const { exports, peerDependencies } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));

/** Every entry that can be imported, as its users write it. */
export const entries = Object.keys(exports)
  .filter((entry) => !entry.includes("*") && !entry.endsWith(".json"))
  .map((entry) => entry.replace(/^\./, "kestra-arena"));

/** The optional packages. */
export const peers = Object.keys(peerDependencies);

/** What every session does first. */
const session = `
const inputs = matchOrchestration.build({
  redAgentId: "7f6ff1f2-4f40-4d3b-9d4a-1d8c3c1e9d01",
  blueAgentId: "7f6ff1f2-4f40-4d3b-9d4a-1d8c3c1e9d02",
  targetAgentId: "7f6ff1f2-4f40-4d3b-9d4a-1d8c3c1e9d03",
  mode: "quick",
});
const arena = new KestraArenaClient({ url: "http://127.0.0.1:9", namespace: "ai-arena", retries: 0 });
console.log(inputs["match_mode"], arena.options.namespace);
console.log(entries.filter((entry) => Object.keys(entry).length > 0).length, "entries");
`;

const names = entries.map((_entry, index) => `entry${index}`).join(", ");

/** As an ES module. */
export const esModule = `import { KestraArenaClient, matchOrchestration } from "kestra-arena";
${entries.map((entry, index) => `import * as entry${index} from "${entry}";`).join("\n")}
const entries = [${names}];
${session}`;

/** As CommonJS, by \`require()\` of the ES modules. */
export const commonJs = `const { KestraArenaClient, matchOrchestration } = require("kestra-arena");
${entries.map((entry, index) => `const entry${index} = require("${entry}");`).join("\n")}
const entries = [${names}];
${session}`;

/** In TypeScript, which refuses what the types do not have. */
export const compiled = `${esModule}
// @ts-expect-error: no such mode
void (() => matchOrchestration.build({ redAgentId: "r", blueAgentId: "b", targetAgentId: "t", mode: "fast" }));
`;

/** A notebook's cells, each of which ends with something to show. tslab knows no variable of another cell in `{ agents }`. */
export const cells = {
  given: `import { KestraArenaClient } from "kestra-arena";
import { analyze, evaluate } from "kestra-arena/evaluation";
import { fakeKestra } from "kestra-arena/testing";
const kestra = fakeKestra();
const arena = new KestraArenaClient({ url: kestra.url, fetch: kestra.fetch });
const id = "7f6ff1f2-4f40-4d3b-9d4a-1d8c3c1e9d0";
const ids = { redAgentId: id + "1", blueAgentId: id + "2", targetAgentId: id + "3" };
const agents = [{ id: ids.redAgentId, name: "Ember", type: "red" as const }];
console.log("ready");`,
  run: "await arena.runMatch(ids)",
  batch: `const matrix = { combinations: [ids], matchesPerCombination: 2, mode: "quick" as const };
const batch = await evaluate(arena, matrix, { agents: agents });
batch`,
  analysis: "const analysis = analyze(batch.rows, { agents: agents });\nanalysis",
};
