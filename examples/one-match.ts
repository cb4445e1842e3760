/** One match, from start to result. Run it again: the key finds the same match. */
import { KestraArenaClient } from "kestra-arena";
import { bySide, fetchAgents, roundRobin } from "kestra-arena/evaluation";

const [pairing] = roundRobin(bySide(await fetchAgents()));
if (pairing === undefined) throw new Error("The arena has no agents.");

const arena = new KestraArenaClient();
await arena.flows.deploy();
const execution = await arena.runMatch({ ...pairing, mode: "quick" }, { key: "one-match" });
for await (const { current } of execution.states()) console.log(current);
const { winner, metrics } = await execution.result({ timeoutMs: 600_000 });
console.log(`${winner} won, ${metrics.attackSuccessRate} % of the attacks got through`);
