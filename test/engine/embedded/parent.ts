/** Starts an engine, says its process id, and waits to be killed. */
import { startEngine } from "../../../engine/index.ts";

const logFile = process.env.ENGINE_LOG;
const engine = await startEngine(logFile === undefined ? {} : { logFile });
process.stdout.write(`${engine.pid}\n`);
setInterval(() => {}, 60_000);
