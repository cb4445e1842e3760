import { describe, expect, it } from "vitest";
import {
  type Assembled,
  assembleExchanges,
  type DatasetEvent,
  readSource,
  type SourceValue,
} from "../../../src/datasets/index.ts";
import { exchangeEvents, playArena } from "./support.ts";

async function assemble(source: Iterable<SourceValue>): Promise<Assembled[]> {
  const all: Assembled[] = [];
  for await (const assembled of assembleExchanges(readSource(source))) all.push(assembled);
  return all;
}

const idsOf = (all: Assembled[]) =>
  all.flatMap((assembled) =>
    assembled.kind === "exchange"
      ? [
          [
            assembled.exchange.attack.id,
            assembled.exchange.defense?.id,
            assembled.exchange.target?.id,
          ],
        ]
      : [],
  );

describe("assembleExchanges", () => {
  it("puts each attack together with what answered it", async () => {
    const events = [...exchangeEvents({}), ...exchangeEvents({ outcome: "blocked" })];

    expect(idsOf(await assemble(events))).toEqual([
      events.slice(0, 3).map(({ id }) => id),
      events.slice(3).map(({ id }) => id),
    ]);
  });

  it("keeps matches apart whose events come mixed", async () => {
    const [one, two] = [exchangeEvents({ matchId: "one" }), exchangeEvents({ matchId: "two" })];
    const mixed = one.flatMap((event, index) => [event, two[index] as DatasetEvent]);

    expect(idsOf(await assemble(mixed))).toEqual([
      one.map(({ id }) => id),
      two.map(({ id }) => id),
    ]);
  });

  it("goes by the rounds where there are some", async () => {
    const [first, second] = [exchangeEvents({}), exchangeEvents({})];
    const [attack, defense, target] = first;
    const [attack2, defense2, target2] = second;
    const events = [attack, attack2, defense2, defense, target2, target] as DatasetEvent[];
    const rounds = [first, second].map(([a, d, t]) => ({
      attackEventId: a!.id,
      defenseEventId: d!.id,
      targetEventId: t!.id,
    }));

    expect(idsOf(await assemble([{ events, rounds }]))).toEqual([
      first.map(({ id }) => id),
      second.map(({ id }) => id),
    ]);
  });

  it("tells why an event belongs to no exchange", async () => {
    const [attack, defense, target] = exchangeEvents({});
    const system = { ...attack!, type: "system" as const, id: "s" };
    const events = [system, defense, attack, target, target, { id: "no event" }, 7, null];

    const all = await assemble(events as DatasetEvent[]);
    expect(
      all.flatMap((assembled) => (assembled.kind === "stray" ? [assembled.reason] : [])),
    ).toEqual([
      "system_event",
      "reply_without_attack",
      "reply_without_attack",
      "unreadable",
      "unreadable",
      "unreadable",
    ]);
  });

  it("loses no event, with rounds or without, of equal ids too", async () => {
    const { transcripts } = await playArena({ matches: 3, mode: "standard" });
    const events = transcripts.flatMap((transcript) => transcript.events);
    const sources: SourceValue[][] = [
      transcripts,
      [...events],
      events.map((event) => ({ ...event, id: "same" })),
      transcripts.map(({ events: own, rounds }) => ({
        rounds,
        events: own.map((event) => ({ ...event, id: "same" })),
      })),
    ];
    for (const source of sources) {
      const all = await assemble(source);
      const count = all.reduce((sum, assembled) => {
        if (assembled.kind === "stray") return sum + 1;
        if (assembled.kind !== "exchange") return sum;
        const { defense, target } = assembled.exchange;
        return sum + 1 + Number(defense !== undefined) + Number(target !== undefined);
      }, 0);
      expect(count).toBe(events.length);
    }
  });
});
