import { KestraArenaClient } from "kestra-arena";
import type { SuiteTools } from "./goal.ts";

/** A server on which one execution runs for longer than any measurement, and a client of it. */
export async function serveOneRun(
  { startServer }: SuiteTools,
  stop: AsyncDisposableStack,
): Promise<{ url: string; id: string; arena: KestraArenaClient }> {
  const server = await startServer();
  stop.defer(() => server.stop());
  const [run] = await server.spawn({ count: 1, minMs: 3_600_000, maxMs: 3_600_000 });
  if (run === undefined) throw new Error("The server started no execution.");
  const arena = new KestraArenaClient({ url: server.url, line: "2" });
  return { url: server.url, id: run.id, arena };
}
