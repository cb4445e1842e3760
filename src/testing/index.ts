/**
 * A fake Kestra for tests of your own code: both version lines, the arena's six flows with outcomes that you set,
 * virtual time, and faults by name. It is held to the same recorded answers as the real engine.
 *
 * @module
 */
export { type FakeFaults, type FaultName, type FaultOptions, faultNames } from "./fake-faults.ts";
export type { FakeFlows, OwnBehaviour, OwnOutcome } from "./fake-flows.ts";
export {
  type FakeExecution,
  type FakeKestra,
  type FakeKestraOptions,
  type FakeRequest,
  type FakeTime,
  fakeKestra,
} from "./fake-kestra.ts";
export type { MswHandlers } from "./msw-server.ts";
export type { FakeBehaviour, FakeOutcome, FakeStart, PartOf } from "./outcomes.ts";
export type { Route, SimulatedRequest } from "./server/faults.ts";
export type { LogLine } from "./server/logs.ts";
