/** A ts-node or notebook session, a cell at a time; here in a function, as CommonJS has no `await` at its top level. */
import { KestraArenaClient } from "kestra-arena";
import { analyze, bySide, fetchAgents, latin, plan } from "kestra-arena/evaluation";

async function session() {
  // What will it cost?
  const agents = await fetchAgents();
  const combinations = latin(bySide(agents));
  const matrix = { combinations, matchesPerCombination: 1, mode: "quick" } as const;
  console.log(plan(matrix, { concurrency: 5 }));

  // Start it; the same cell again finds the same batch.
  const arena = new KestraArenaClient();
  await arena.flows.deploy();
  const batch = await arena.evaluateBatch(
    { agentCombinations: combinations, matchesPerCombination: 1, mode: "quick", concurrency: 5 },
    { key: "notebook-session" },
  );
  console.log(batch.started, batch.url);

  // How far is it? Run the cell as often as you like.
  console.log(await batch.progress());

  // What came of it? An analysis shows itself.
  const { rows } = await batch.result();
  console.log(analyze(rows, { agents }));
}

export const done = session();
