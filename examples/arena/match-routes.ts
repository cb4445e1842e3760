import { type Context, Hono } from "hono";
import { HTTPException } from "hono/http-exception";
import type { AgentStore } from "./agents.ts";
import { listEvents, listRounds } from "./events.ts";
import type { MatchStore } from "./match-store.ts";
import { describeMatch, type MatchRecord, pauseMatch, resumeMatch } from "./matches.ts";
import type { ArenaSettings } from "./options.ts";
import type { Agent, AgentType } from "./types.ts";
import { eventQuery, matchBody, matchQuery, readBody, readQuery } from "./validation.ts";

interface MatchRouteParts {
  agents: AgentStore;
  matches: MatchStore;
  settings: ArenaSettings;
  isOneAtATime: () => boolean;
}

export function matchRoutes(parts: MatchRouteParts): Hono {
  const { agents, matches, settings } = parts;
  const { now } = settings;
  const describe = (record: MatchRecord) =>
    describeMatch(record, now(), settings.saysCompleted ? "completed" : "complete");
  const find = (context: Context) => {
    const record = matches.get(context.req.param("id") ?? "");
    if (record !== undefined) return record;
    throw new HTTPException(404, { res: context.json({ error: "Match not found" }, 404) });
  };
  const eventsOf = (context: Context, record: MatchRecord) => {
    const { limit, offset } = readQuery(context, eventQuery);
    return listEvents(record, now(), limit, offset, settings);
  };

  return new Hono()
    .post("/", async (context) => {
      const body = await readBody(context, matchBody);
      const record = matches.create({
        red: player(context, agents, body.redAgentId, "red"),
        blue: player(context, agents, body.blueAgentId, "blue"),
        target: player(context, agents, body.targetAgentId, "target"),
        mode: body.mode,
        ...(body.metadata !== undefined && { metadata: body.metadata }),
      });
      return context.json(describe(record), 201);
    })
    .get("/", (context) => {
      const { limit, offset } = readQuery(context, matchQuery);
      return context.json(matches.list(limit, offset).map(describe));
    })
    .get("/:id", (context) => context.json(describe(find(context))))
    .get("/:id/events", (context) => context.json(eventsOf(context, find(context))))
    .get("/:id/rounds", (context) => context.json(listRounds(find(context), now())))
    .get("/:id/transcript", (context) => {
      const record = find(context);
      return context.json({ events: eventsOf(context, record), rounds: listRounds(record, now()) });
    })
    .post("/:id/pause", (context) => {
      const answer = pauseMatch(find(context), now());
      return context.json(answer, "error" in answer ? 400 : 200);
    })
    .post("/:id/resume", (context) => {
      const record = find(context);
      const isBusy = parts.isOneAtATime() && matches.live().length > 0;
      const answer = isBusy
        ? { error: "Another match is running: only one can." }
        : resumeMatch(record, now());
      return context.json(answer, "error" in answer ? 400 : 200);
    });
}

/** The agent that is to play on this side. @throws HTTPException 404 or 400 in the API's shape */
function player(context: Context, agents: AgentStore, id: string, type: AgentType): Agent {
  const agent = agents.get(id);
  if (agent?.type === type) return agent;
  const [status, error] =
    agent === undefined
      ? ([404, `Agent not found: ${id}`] as const)
      : ([400, `Agent ${id} is a ${agent.type} agent, not a ${type} one`] as const);
  throw new HTTPException(status, { res: context.json({ error }, status) });
}
