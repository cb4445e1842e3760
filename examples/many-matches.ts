/** Matches of your own choice, all watched at the price of one; what fails is data. */
import { KestraArenaClient } from "kestra-arena";
import { bySide, fetchAgents, latin } from "kestra-arena/evaluation";

const arena = new KestraArenaClient();
await arena.flows.deploy();
const pairings = latin(bySide(await fetchAgents()));
const executions = await Promise.all(
  pairings.map((pairing, index) =>
    arena.runMatch({ ...pairing, mode: "quick" }, { key: `many-matches-${index}` }),
  ),
);
const settled = await arena.executions.settle(executions, {
  timeoutMs: 600_000,
  onProgress: ({ done, total, failed }) => console.log(`${done} of ${total}, ${failed} failed`),
});
for (const outcome of settled) {
  if (outcome.ok) console.log(outcome.result.matchId, outcome.result.winner);
  else console.error(outcome.state, outcome.error.message);
}
