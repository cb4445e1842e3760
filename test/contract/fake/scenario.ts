import type { Life } from "../../../src/testing/server/life.ts";
import type { SimulatedFlow } from "../../../src/testing/server/store.ts";

/** Runs at once, and comes to this after a moment. */
const runsTo = (state: string): Life => [
  { state: "RUNNING", atMs: 0 },
  { state, atMs: 500 },
];

const greeting = ({ who }: Record<string, unknown>) => ({ greeting: `hello ${who}` });

/** The flows of the recorded scenario, each with what became of its executions. */
export const recordedFlows: readonly SimulatedFlow[] = [
  { id: "child", required: ["who"], life: runsTo("SUCCESS"), outputs: greeting },
  { id: "parent", life: runsTo("SUCCESS"), outputs: greeting },
  { id: "looped", life: runsTo("SUCCESS") },
  { id: "sched", life: runsTo("SUCCESS") },
  { id: "fileout", life: runsTo("SUCCESS") },
  { id: "typed", life: runsTo("SUCCESS"), required: ["name"] },
  { id: "broken", life: runsTo("FAILED") },
  { id: "failparent", life: runsTo("FAILED") },
  { id: "warned", life: runsTo("WARNING") },
  {
    id: "retried",
    life: [
      { state: "RUNNING", atMs: 0 },
      { state: "RETRYING", atMs: 100 },
      { state: "RUNNING", atMs: 200 },
      { state: "FAILED", atMs: 300 },
    ],
  },
  {
    id: "paused",
    life: [
      { state: "RUNNING", atMs: 0 },
      { state: "PAUSED", atMs: 100 },
    ],
  },
  { id: "queued", life: [{ state: "QUEUED", atMs: 0 }] },
  { id: "slow", life: [{ state: "RUNNING", atMs: 0 }] },
  { id: "slowparent", life: [{ state: "RUNNING", atMs: 0 }] },
  { id: "disabledflow", isDisabled: true },
];
