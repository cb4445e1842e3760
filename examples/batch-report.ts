/** Every red agent against every blue one, to a report for people and rows for programs. */
import { writeFile } from "node:fs/promises";
import { KestraArenaClient } from "kestra-arena";
import {
  analyzeBatch,
  bySide,
  evaluate,
  fetchAgents,
  fetchTranscripts,
  renderHtml,
  roundRobin,
} from "kestra-arena/evaluation";

const arena = new KestraArenaClient();
await arena.flows.deploy();
const combinations = roundRobin(bySide(await fetchAgents()));
// With a journal the same call goes on after a crash, and plays only what has no result yet.
const batch = await evaluate(
  arena,
  { combinations, matchesPerCombination: 1, mode: "quick" },
  { journal: "batch.jsonl", agents: () => fetchAgents() },
);
const transcripts = await fetchTranscripts(batch.rows);
const analysis = analyzeBatch(batch, { transcripts });
console.log(analysis);
await writeFile("rows.json", JSON.stringify(batch.rows));
await writeFile("report.html", await renderHtml(analysis, { title: "Nightly" }));
