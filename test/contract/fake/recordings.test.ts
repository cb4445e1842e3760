import { describe, expect, it } from "vitest";
import { ServerClock } from "../../../src/testing/server/clock.ts";
import { SimulatedKestra } from "../../../src/testing/server/simulated-kestra.ts";
import { Player } from "../../engine/embedded/recordings/player.ts";
import { recordingsOf } from "../../engine/embedded/recordings/recording.ts";
import { knownDifferences, notAnswered, onlyOfAnEngine } from "./differences.ts";
import { recordedFlows } from "./scenario.ts";

const user = { username: "someone@example.com", password: "Passw0rd1" };

/** A fake server, and a way to it whose clock goes on with every read, and to the end of every stream. */
function createServer(line: "2.0" | "1.3") {
  const clock = new ServerClock(true);
  const kestra = new SimulatedKestra({
    line: line === "1.3" ? "1.3" : "2",
    authorization: `Basic ${btoa(`${user.username}:${user.password}`)}`,
    clock,
    latencyMs: 0,
    flows: recordedFlows,
  });
  const fetch: typeof globalThis.fetch = async (input, init = {}) => {
    const isStream = String(input).endsWith("/follow");
    if (init.method === "GET" && !isStream) await clock.advance(1_000);
    const { body } = init;
    const text = body instanceof Uint8Array ? new TextDecoder().decode(body) : body;
    const answer = await kestra.fetch(input, { ...init, ...(text != null && { body: text }) });
    if (!isStream) return answer;
    void clock.advance(60_000);
    // Which is how a server on a wire sends a stream.
    answer.headers.set("transfer-encoding", "chunked");
    return answer;
  };
  return new Player({ url: kestra.url, line }, user, { fetch, readLimitMs: 0 });
}

describe.each(["2.0", "1.3"] as const)(
  "The fake Kestra %s, held to the engine's contract,",
  (line) => {
    const player = createServer(line);

    it.each(recordingsOf(line))("answers $name as the recorded server", async (recording) => {
      const { name } = recording;
      const found = await player.play(recording);
      if (name in onlyOfAnEngine) return;
      if (notAnswered.has(name)) {
        expect(found[0]).toContain("→ 501");
        expect(found[0]).toContain("The fake Kestra has no");
        return;
      }
      const unknown = found.filter((difference) => {
        const path = difference.split(": ")[0] ?? "";
        return !knownDifferences.some((known) => known.path.test(path));
      });
      expect(unknown).toEqual([]);
    });
  },
);

it("Every exchange that the fake is not held to is one that was recorded", () => {
  const recorded = new Set(
    [...recordingsOf("2.0"), ...recordingsOf("1.3")].map(({ name }) => name),
  );
  const excepted = [...notAnswered, ...Object.keys(onlyOfAnEngine)];
  expect(excepted.filter((name) => !recorded.has(name))).toEqual([]);
});
