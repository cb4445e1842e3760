/** A training set for the blue agents out of finished matches, and a check that it is fit for training. */
import { KestraArenaClient } from "kestra-arena";
import { buildDataset, checkDataset } from "kestra-arena/datasets";

const arena = new KestraArenaClient();
await arena.flows.deploy();
const execution = await arena.generateDataset({ trainFor: "blue", kind: "kto", minSeverity: 0 });
const result = await execution.result({ timeoutMs: 600_000 });
console.log(`${result.validation.rows} rows of ${result.matchCount} matches`);

// The flow's file may hold secrets of the matches: this takes them out.
const source = { ...result, download: (uri: string) => execution.download(uri) };
const { manifest, files } = await buildDataset(source, {
  for: "blue",
  kind: "kto",
  folder: "data",
  overwrite: true,
});
console.log(manifest.rows, files);
for (const path of files.filter((file) => file.endsWith(".jsonl"))) {
  const { problems } = await checkDataset(path);
  console.log(path, problems.length === 0 ? "is fit for training" : problems);
}
