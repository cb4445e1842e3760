import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { createAdaptorServer } from "@hono/node-server";
import type { Arena, ArenaFaults } from "../../../examples/arena/index.ts";

/** What becomes of a job. */
type JobEnd = NonNullable<ArenaFaults["fineTuning"]>;

/** An address that answers as the arena does, and keeps what jobs are asked for there. */
interface JobRecorder extends AsyncDisposable {
  url: string;
  /** The bodies of all requests for a fine-tuning job, oldest first. */
  jobs: unknown[];
}

/**
 * Listens in front of an arena.
 *
 * @param ends - What becomes of the jobs, in the order that they are asked for. All after these succeed.
 */
export async function recordJobs(arena: Arena, ends: readonly JobEnd[] = []): Promise<JobRecorder> {
  const jobs: unknown[] = [];
  let before: Promise<unknown> = Promise.resolve();
  const start = async (request: Request) => {
    arena.setFaults({ fineTuning: ends[jobs.length] ?? "succeeds" });
    jobs.push(await request.clone().json());
    return arena.app.fetch(request);
  };
  const server = createAdaptorServer({
    fetch: async (request) => {
      if (request.method !== "POST" || !request.url.endsWith("/api/oumi/fine-tune")) {
        return arena.app.fetch(request);
      }
      // One after the other, as what becomes of a job is a setting of the whole arena.
      const answer = before.then(() => start(request));
      before = answer.catch(() => undefined);
      return answer;
    },
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    jobs,
    [Symbol.asyncDispose]: async () => {
      server.close();
      if ("closeAllConnections" in server) server.closeAllConnections();
    },
  };
}
