import type { ArenaWarning, KestraArenaOptions } from "../../src/index.ts";
import type { FaultPlan } from "../../src/testing/server/faults.ts";
import { succeedsAfter } from "../../src/testing/server/life.ts";
import type { SimulatedKestraOptions } from "../../src/testing/server/options.ts";
import { SimulatedKestra } from "../../src/testing/server/simulated-kestra.ts";
import { clientOf, greet, greetOutputs } from "./test-flow.ts";
import { runVirtually } from "./virtual-time.ts";

/** A simulated server on which greetings take three seconds, and a client of it, in virtual time. */
export function greetScene(
  options: SimulatedKestraOptions & Required<Pick<SimulatedKestraOptions, "line">>,
  clientOptions: KestraArenaOptions = {},
) {
  const kestra = new SimulatedKestra({
    flows: [{ id: "greet", life: succeedsAfter(3_000), outputs: greetOutputs }],
    ...options,
  });
  const warnings: ArenaWarning[] = [];
  const arena = clientOf(kestra, {
    line: options.line,
    onWarning: (warning) => warnings.push(warning),
    ...clientOptions,
  });
  return {
    kestra,
    arena,
    warnings,
    start: () => runVirtually(arena.start(greet, { who: "Ada" })),
    fail: (faults: FaultPlan) => Object.assign(kestra.options, { faults }),
  };
}
