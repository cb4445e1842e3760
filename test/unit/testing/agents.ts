import { KestraArenaClient, type KestraArenaOptions } from "kestra-arena";
import type { FakeKestra } from "kestra-arena/testing";

/** The nth agent's id. */
export const agentId = (number: number) => `7f6ff1f2-4f40-4d3b-9d4a-1d8c3c1e9d0${number}`;

/** Who plays whom. */
export const agents = {
  redAgentId: agentId(1),
  blueAgentId: agentId(2),
  targetAgentId: agentId(3),
};

/** A client of a fake, by its own `fetch`. */
export function clientOf(kestra: FakeKestra, options: KestraArenaOptions = {}): KestraArenaClient {
  return new KestraArenaClient({
    url: kestra.url,
    fetch: kestra.fetch,
    onWarning: () => {},
    ...options,
  });
}
