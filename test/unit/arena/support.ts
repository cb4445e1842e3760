import { type ArenaCore, type ArenaOptions, createArena } from "../../../examples/arena/index.ts";
import type { Agent, ArenaEvent, Match } from "../../../examples/arena/types.ts";

interface Answer<Body> {
  status: number;
  body: Body;
}

export interface ArenaUnderTest {
  arena: ArenaCore;
  red: Agent;
  blue: Agent;
  target: Agent;
  /** Moves the arena's clock. */
  advance(ms: number): void;
  // biome-ignore lint/suspicious/noExplicitAny: a test reads whatever the API answered.
  get<Body = any>(path: string): Promise<Answer<Body>>;
  // biome-ignore lint/suspicious/noExplicitAny: a test reads whatever the API answered.
  send<Body = any>(method: string, path: string, body?: unknown): Promise<Answer<Body>>;
  /** Starts a match of the first agents, or of these. */
  startMatch(input?: Partial<MatchBody>): Promise<Match>;
  match(id: string): Promise<Match>;
  events(id: string): Promise<ArenaEvent[]>;
}

interface MatchBody {
  redAgentId: string;
  blueAgentId: string;
  targetAgentId: string;
  mode: string;
  metadata: Record<string, unknown>;
}

/** An arena whose clock stands still until the test moves it. */
export function arrangeArena(options: ArenaOptions = {}): ArenaUnderTest {
  let nowMs = Date.UTC(2025, 5, 1);
  const arena = createArena({ now: () => nowMs, ...options });
  const first = (type: string) => arena.agents.find((agent) => agent.type === type) as Agent;
  const [red, blue, target] = [first("red"), first("blue"), first("target")];

  async function call(path: string, init?: RequestInit) {
    const response = await arena.app.request(path, init);
    const text = await response.text();
    return { status: response.status, body: text === "" ? undefined : JSON.parse(text) };
  }
  const get = (path: string) => call(path);
  const send = (method: string, path: string, body?: unknown) =>
    call(path, body === undefined ? { method } : { method, body: JSON.stringify(body) });

  return {
    arena,
    red,
    blue,
    target,
    advance: (ms) => {
      nowMs += ms;
    },
    get,
    send,
    startMatch: async (input = {}) => {
      const body = {
        redAgentId: red.id,
        blueAgentId: blue.id,
        targetAgentId: target.id,
        mode: "quick",
        ...input,
      };
      return (await send("POST", "/api/matches", body)).body;
    },
    match: async (id) => (await get(`/api/matches/${id}`)).body,
    events: async (id) => (await get(`/api/matches/${id}/events`)).body,
  };
}

/** What the attacks came to, without what differs from match to match by name. */
export function outcomesOf(events: ArenaEvent[]): string[] {
  return events
    .filter(({ type }) => type === "attack")
    .map(({ attackType, outcome, severity, prompt }) =>
      [attackType, outcome, severity, prompt].join(" "),
    );
}
