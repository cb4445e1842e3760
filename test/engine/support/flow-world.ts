import { inject } from "vitest";
import type { EngineLine } from "../../../engine/index.ts";
import { type Arena, type ServedArenaOptions, startArena } from "../../../examples/arena/index.ts";
import { KestraArenaClient } from "../../../src/index.ts";
import { arenaApiKey } from "./arena-key.ts";

/** A sample arena and the package's flows in a namespace that looks for it. */
export interface FlowWorld extends AsyncDisposable {
  line: EngineLine;
  /** The address of Kestra's API, tenant included. */
  api: string;
  namespace: string;
  arena: Arena;
  client: KestraArenaClient;
  /** The first agent of each type; other ones by their number. */
  pairing(red?: number, blue?: number, target?: number): Pairing;
  /** Lets the flows look for the arena at another address. */
  pointTo(url: string): Promise<void>;
}

interface Pairing {
  redAgentId: string;
  blueAgentId: string;
  targetAgentId: string;
}

/** As often as the templates have it, but sooner: what these tests wait for most is the pause before a retry. */
export const soonRetries = { intervalMs: 200, maxIntervalMs: 1_000 };

/** Values for the knobs of all flows that have them. */
type Knobs = Readonly<Record<string, unknown>>;

/**
 * Makes a world of its own on the shared engine of a line. The arena wants the key that the engines' environment holds,
 * so each answer that a flow gets proves that it sent the key.
 *
 * @param name - What the namespace is called, one a test file or a use.
 */
export async function createFlowWorld(
  line: EngineLine,
  name: string,
  options: ServedArenaOptions = {},
  variables: Knobs = {},
): Promise<FlowWorld> {
  const url = inject("engines")[line];
  const namespace = `arena-tests.${name}`;
  const client = new KestraArenaClient({ url, namespace });
  const arena = await startArena({ timeScale: 0.2, apiKey: arenaApiKey, ...options });
  const pointTo = (target: string) => client.kestra.kv.set(namespace, "ARENA_API_URL", target);
  try {
    await client.flows.deploy({ variables, retries: soonRetries });
    await pointTo(arena.url);
  } catch (error) {
    await arena.close();
    throw error;
  }
  const idOf = (type: string, index: number) =>
    arena.agents.filter((agent) => agent.type === type)[index]!.id;
  return {
    line,
    api: `${url}/api/v1/main`,
    namespace,
    arena,
    client,
    pairing: (red = 0, blue = 0, target = 0) => ({
      redAgentId: idOf("red", red),
      blueAgentId: idOf("blue", blue),
      targetAgentId: idOf("target", target),
    }),
    pointTo,
    [Symbol.asyncDispose]: () => arena.close(),
  };
}
