/** Another process takes over: an execution is found by its id, followed, and its transcript kept. */
import { KestraArenaClient } from "kestra-arena";

const arena = new KestraArenaClient();
const filter = { flowId: "match-orchestration" };
let id = process.argv[3];
for await (const execution of arena.executions.list(filter, { limit: 1 })) id ??= execution.id;
if (id === undefined) throw new Error("There is no match yet: run examples/one-match.ts first.");

const execution = arena.executions.get("match-orchestration", id);
for await (const { message } of execution.logs({ follow: true })) console.log(message);
const outcome = await execution.outcome();
if (outcome.ok) await execution.downloadTo(outcome.result.transcriptFile, "transcript.json");
else console.error(outcome.error.message);
