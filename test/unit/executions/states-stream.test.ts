import { expect, it } from "vitest";
import { createContext } from "../../../src/executions/create-context.ts";
import { streamStates } from "../../../src/executions/states-stream.ts";
import { instantMs } from "../../../src/kestra/states.ts";
import { apiWith } from "../../support/recordings.ts";

it("The last state is told although nothing but its name is known", async () => {
  const api = apiWith("2", "main", () => new Promise<never>(() => {}));
  const { watcher } = createContext(
    api,
    {
      tenant: "main",
      namespace: "n",
      labels: {},
      requestTimeoutMs: 5_000,
      tickMs: 1_000,
      maxStreams: 0,
    },
    () => {},
  );
  const target = {
    id: "x",
    namespace: "n",
    flowId: "f",
    clientId: undefined,
    notFoundUntil: 0,
    latest: undefined,
    isFresh: false,
  };
  const states = streamStates(watcher, target, undefined);
  const first = states.next();
  const watched = watcher.describe("x");
  if (watched === undefined) throw new Error("it is not watched");
  watcher.end(watched, { state: "KILLED", execution: undefined });
  expect(await first).toEqual({
    done: false,
    value: { current: "KILLED", at: undefined, isLast: true },
  });
  expect((await states.next()).done).toBe(true);
});

it.each([
  ["2026-01-01T00:00:00.500Z", Date.UTC(2026, 0, 1) + 500],
  ["soon", 0],
  [undefined, 0],
])("The instant %s is %i ms since the epoch", (date, ms) => {
  expect(instantMs(date)).toBe(ms);
});
