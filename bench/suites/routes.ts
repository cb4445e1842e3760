import { Hono } from "hono";
import { createArenaRoutes } from "kestra-arena/routes";
import type { Goal, Suite } from "../lib/goal.ts";
import { serveOneRun } from "../lib/one-run.ts";
import { inParallel, pairedCpuRatio } from "../lib/paired.ts";

const concurrency = 16;

/** Besides the goals: what the routes add to the least that a backend can do, a handler that reads and answers. */
export const routes: Suite = {
  name: "routes",
  async run(tools): Promise<Goal[]> {
    await using stop = new AsyncDisposableStack();
    const { id, arena } = await serveOneRun(tools, stop);
    const { progress } = tools;
    const ours = createArenaRoutes(arena, { authorize: () => true });
    const bare = new Hono();
    bare.get("/api/kestra/executions/:id", async (context) =>
      context.json(await arena.kestra.executions.get(context.req.param("id"))),
    );
    progress("an execution read through a route");
    const url = `http://localhost/api/kestra/executions/${id}`;
    const { status } = await ours.fetch(new Request(url));
    if (status !== 200) throw new Error(`The route answered ${status}.`);
    const ratio = await pairedCpuRatio(
      (repetitions) =>
        inParallel(repetitions, concurrency, async () => {
          const response = await ours.fetch(new Request(url));
          return response.json();
        }),
      (repetitions) =>
        inParallel(repetitions, concurrency, async () => {
          const response = await bare.fetch(new Request(url));
          return response.json();
        }),
    );
    return [
      {
        id: "R",
        title: "an execution through a route, over a bare Hono handler",
        value: ratio,
        note: "CPU, 16 at a time; both read the execution from Kestra",
        limitedBy:
          "authorisation, the check that the flow is exposed, and the answer's own headers",
      },
    ];
  },
};
