import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Engine, startEngine } from "../../../engine/index.ts";
import { KNOWN_DIFFERENCES } from "./recordings/differences.ts";
import { Player } from "./recordings/player.ts";
import { recordingsOf } from "./recordings/recording.ts";

const user = { username: "someone@example.com", password: "Passw0rd1" };

describe.each(["2.0", "1.3"] as const)("The embedded Kestra %s", (line) => {
  let engine: Engine;
  let player: Player;

  beforeAll(async () => {
    engine = await startEngine({ line, auth: user });
    player = new Player(engine, user);
  });
  afterAll(() => engine?.stop());

  it.each(recordingsOf(line))("answers $name as the recorded server", async (recording) => {
    const known = KNOWN_DIFFERENCES.filter((it) => it.line === line && it.name === recording.name);

    const found = await player.play(recording);

    const paths = found.map((difference) => difference.split(": ")[0] ?? "");
    const byChance = new Set(known.filter((it) => it.isByChance).map((it) => it.path));
    expect(paths.filter((path) => !byChance.has(path))).toEqual(
      known.filter((it) => !it.isByChance).map((it) => it.path),
    );
  });
});
