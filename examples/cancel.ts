/** Ends a match: by hand, and by leaving a block. */
import { KestraArenaClient } from "kestra-arena";
import { bySide, fetchAgents, roundRobin } from "kestra-arena/evaluation";

const arena = new KestraArenaClient();
await arena.flows.deploy();
const pairings = roundRobin(bySide(await fetchAgents()));
for (const pairing of pairings.slice(0, 1)) {
  const execution = await arena.runMatch({ ...pairing, mode: "deep" });
  const { state } = await execution.cancel();
  console.log(`${execution.id} ended as ${state}`);

  await using match = await arena.runMatch({ ...pairing, mode: "deep" }, { onDispose: "kill" });
  console.log(`${match.id} is killed when this block is left`);
}
