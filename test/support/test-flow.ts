import * as z from "zod";
import { defineFlow, KestraArenaClient, type KestraArenaOptions } from "../../src/index.ts";
import type { SimulatedKestra } from "../../src/testing/server/simulated-kestra.ts";

/** A flow that greets, for tests of what has nothing to do with the arena. */
export const greet = defineFlow({
  id: "greet",
  input: () => z.strictObject({ who: z.string().min(1) }),
  toInputs: ({ who }) => ({ who }),
  output: () => z.object({ greeting: z.string() }),
});

/** Its outputs, for the simulated server. */
export const greetOutputs = ({ who }: Record<string, unknown>) => ({ greeting: `hello ${who}` });

/** A client of a simulated server, which reads nothing of the environment. */
export function clientOf(
  kestra: SimulatedKestra,
  options: KestraArenaOptions = {},
): KestraArenaClient {
  return new KestraArenaClient({
    url: kestra.url,
    // A test may put a `fetch` of its own around the server's later on.
    fetch: (input, init) => kestra.fetch(input, init),
    namespace: "test",
    onWarning: () => {},
    ...options,
  });
}
