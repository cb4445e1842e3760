import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { createAdaptorServer } from "@hono/node-server";
import type { Arena } from "../../../examples/arena/index.ts";

/** An address that answers as the arena does, and keeps what jobs are asked for there. */
interface JobRecorder extends AsyncDisposable {
  url: string;
  /** The bodies of all requests for a fine-tuning job, oldest first. */
  jobs: unknown[];
}

/** Listens in front of an arena. */
export async function recordJobs(arena: Arena): Promise<JobRecorder> {
  const jobs: unknown[] = [];
  const server = createAdaptorServer({
    fetch: async (request) => {
      if (request.method === "POST" && request.url.endsWith("/api/oumi/fine-tune")) {
        jobs.push(await request.clone().json());
      }
      return arena.app.fetch(request);
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
