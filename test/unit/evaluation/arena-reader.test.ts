import { describe, expect, it } from "vitest";
import { bySide, hashPrompt } from "../../../src/evaluation/agents.ts";
import { fetchAgents } from "../../../src/evaluation/fetch-agents.ts";
import { fetchTranscripts } from "../../../src/evaluation/match-events.ts";
import { row } from "./support.ts";

const arenaUrl = "http://arena.invalid/";

/** A backend of these answers, by path; it keeps what it was asked. */
function backend(answers: Record<string, unknown>) {
  const requests: Request[] = [];
  const fetch: typeof globalThis.fetch = async (input, init) => {
    const request = new Request(input, init);
    requests.push(request);
    const path = new URL(request.url).pathname;
    return path in answers
      ? Response.json(answers[path])
      : Response.json({ error: "Not found" }, { status: 404 });
  };
  return { fetch, requests };
}

describe("fetchAgents", () => {
  const agents = [
    { id: "t", type: "target", name: "Robin", version: 3, systemPrompt: "secret" },
    { id: "r", type: "red" },
  ];

  it("keeps names, versions and a prompt's hash, and never the prompt", async () => {
    const { fetch } = backend({ "/api/agents": agents });
    const found = await fetchAgents({ arenaUrl, fetch });
    expect(found[0]).toEqual({
      id: "t",
      type: "target",
      name: "Robin",
      version: "3",
      promptHash: hashPrompt("secret"),
    });
    expect(bySide(found)).toMatchObject({ red: [{ id: "r" }], blue: [], target: [{ id: "t" }] });
  });

  it("sends the key as a bearer token", async () => {
    const { fetch, requests } = backend({ "/api/agents": [] });
    await fetchAgents({ arenaUrl, fetch, arenaApiKey: "k3y" });
    expect(requests[0]?.url).toBe("http://arena.invalid/api/agents");
    expect(requests[0]?.headers.get("authorization")).toBe("Bearer k3y");
  });

  it.each([
    ["something else than a list", { agents }, /did not answer a list/],
    ["an agent without an id", [{ type: "red" }], /agents with an id/],
    ["an agent of an unknown type", [{ id: "x", type: "green" }], /agent x with the type/],
  ])("refuses %s", async (_, answer, message) => {
    const { fetch } = backend({ "/api/agents": answer });
    await expect(fetchAgents({ arenaUrl, fetch })).rejects.toThrow(message);
  });

  it("says what to check when nobody answers, without the key", async () => {
    const fetch = () => Promise.reject(new TypeError("fetch failed"));
    const failure = await fetchAgents({ arenaUrl, fetch, arenaApiKey: "k3y" }).catch(String);
    expect(failure).toMatch(/did not answer GET .*\/api\/agents\. Check that the backend runs/);
    expect(failure).not.toContain("k3y");
  });

  it("refuses a URL that is none or holds a password", async () => {
    await expect(fetchAgents({ arenaUrl: "localhost" })).rejects.toThrow(/not a URL/);
    const failure = await fetchAgents({ arenaUrl: "http://u:pass@h" }).catch(String);
    expect(failure).toMatch(/user or password/);
    expect(failure).not.toContain("pass@");
  });

  it("ends with the caller's reason when it is cancelled while the answer comes in", async () => {
    const stop = new AbortController();
    const json = async () => {
      stop.abort(new Error("enough"));
      throw stop.signal.reason;
    };
    const fetch = async () => Object.assign(Response.json([]), { json });
    const read = fetchAgents({ arenaUrl, fetch, signal: stop.signal });
    await expect(read).rejects.toThrow("enough");
  });

  it("tells an answer that broke off from one that is not JSON", async () => {
    const json = () => Promise.reject(new TypeError("terminated"));
    const broken = async () => Object.assign(Response.json([]), { json });
    await expect(fetchAgents({ arenaUrl, fetch: broken })).rejects.toThrow(/broke off/);
    const page = async () => new Response("<html>");
    await expect(fetchAgents({ arenaUrl, fetch: page })).rejects.toThrow(/else than JSON/);
  });

  it("ends with the caller's reason when it is cancelled", async () => {
    const fetch = () => Promise.reject(new Error("aborted"));
    const signal = AbortSignal.abort(new Error("enough"));
    await expect(fetchAgents({ arenaUrl, fetch, signal })).rejects.toThrow("enough");
  });
});

describe("fetchTranscripts", () => {
  const cell = ["r", "b", "t"] as const;

  it("reads each match once, in the rows' order", async () => {
    const { fetch, requests } = backend({
      "/api/matches/m%2F1/events": [{ id: "e1", type: "attack" }],
      "/api/matches/m2/events": [],
    });
    const rows = [
      row(cell, 1, 1, 2, { matchId: "m/1" }),
      row(cell, 2, 1, 2, { matchId: "m2" }),
      row(cell, 2, 1, 2, { matchId: "m2" }),
    ];
    const transcripts = await fetchTranscripts(rows, { arenaUrl, fetch });
    expect([...transcripts.keys()]).toEqual(["m/1", "m2"]);
    expect(transcripts.get("m/1")).toEqual([{ id: "e1", type: "attack" }]);
    expect(requests).toHaveLength(2);
    expect(new URL(requests[0]?.url ?? "").search).toBe("?limit=1000");
  });

  it("asks for all events of a long match, which the backend would cut off", async () => {
    const { fetch, requests } = backend({ "/api/matches/m1/events": [] });
    const short = row(cell, 1, 1, 2, { matchId: "m1" });
    const long = { ...short, metrics: { ...short.metrics!, totalRounds: 400 } };
    await fetchTranscripts([long], { arenaUrl, fetch });
    expect(new URL(requests[0]?.url ?? "").search).toBe("?limit=2000");
  });

  it("refuses an answer that is no list of events, which would pass for a match without attacks", async () => {
    const { fetch } = backend({ "/api/matches/m1/events": { events: [] } });
    const read = fetchTranscripts([row(cell, 1, 1, 2, { matchId: "m1" })], { arenaUrl, fetch });
    await expect(read).rejects.toThrow(/m1\/events .* did not answer a list/);
  });

  it.each([0, -1, 1.5, Number.NaN])("refuses to read %s matches at a time", async (concurrency) => {
    const { fetch, requests } = backend({});
    const read = fetchTranscripts([row(cell, 1, 1)], { arenaUrl, fetch, concurrency });
    await expect(read).rejects.toMatchObject({ code: "input" });
    expect(requests).toEqual([]);
  });

  it("asks for no further match once one could not be read", async () => {
    const matchIds = Array.from({ length: 20 }, (_, index) => `m${index}`);
    const rows = matchIds.map((matchId) => row(cell, 1, 1, 2, { matchId }));
    const events = matchIds.slice(1).map((id) => [`/api/matches/${id}/events`, []]);
    const { fetch, requests } = backend(Object.fromEntries(events));
    const read = fetchTranscripts(rows, { arenaUrl, fetch, concurrency: 2 });
    await expect(read).rejects.toMatchObject({ code: "not_found" });
    for (let turn = 0; turn < 100; turn += 1) await new Promise(setImmediate);
    expect(requests.length).toBeLessThan(matchIds.length);
  });

  it("says which match is gone", async () => {
    const { fetch } = backend({});
    const read = fetchTranscripts([row(cell, 1, 1, 2, { matchId: "gone" })], { arenaUrl, fetch });
    await expect(read).rejects.toMatchObject({ code: "not_found" });
  });
});
