import { Hono } from "hono";
import type { AgentStore } from "./agents.ts";
import { isoTime } from "./matches.ts";
import type { Strengths } from "./strengths.ts";
import type { AgentInput } from "./types.ts";
import { agentBody, agentChanges, agentQuery, readBody, readQuery } from "./validation.ts";

interface AgentRouteParts {
  agents: AgentStore;
  strengths: Strengths;
  now: () => number;
}

export function agentRoutes({ agents, strengths, now }: AgentRouteParts): Hono {
  const notFound = { error: "Agent not found" };

  return new Hono()
    .get("/", (context) => context.json(agents.list(readQuery(context, agentQuery).type)))
    .post("/", async (context) => {
      const input = withoutUndefined(await readBody(context, agentBody)) as AgentInput;
      const agent = agents.create(input, isoTime(now()));
      strengths.register(agent);
      return context.json(agent, 201);
    })
    .get("/:id", (context) => {
      const agent = agents.get(context.req.param("id"));
      return agent === undefined ? context.json(notFound, 404) : context.json(agent);
    })
    .patch("/:id", async (context) => {
      const changes = withoutUndefined(await readBody(context, agentChanges));
      const agent = agents.update(context.req.param("id"), changes, isoTime(now()));
      return agent === undefined ? context.json(notFound, 404) : context.json(agent);
    })
    .delete("/:id", (context) =>
      agents.remove(context.req.param("id"))
        ? context.body(null, 204)
        : context.json(notFound, 404),
    );
}

function withoutUndefined(value: object): Partial<AgentInput> {
  return Object.fromEntries(Object.entries(value).filter(([, field]) => field !== undefined));
}
