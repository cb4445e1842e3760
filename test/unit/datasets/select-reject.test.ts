import { describe, expect, it } from "vitest";
import { multilingual } from "../../../examples/arena/phrases/attacks.ts";
import { errorReplies } from "../../../examples/arena/phrases/planted.ts";
import {
  leakBodies,
  leakOpeners,
  refusalOpeners,
} from "../../../examples/arena/phrases/replies.ts";
import {
  assembleExchanges,
  type DatasetAgent,
  type DatasetKind,
  type Exchange,
  isErrorReply,
  isRefusal,
  rejectMatch,
  rejectSample,
  type Sample,
  selectSample,
} from "../../../src/datasets/index.ts";
import { exchangeEvents } from "./support.ts";

async function exchangeOf(options: Parameters<typeof exchangeEvents>[0]): Promise<Exchange> {
  const items = exchangeEvents(options).map((event) => ({ kind: "event" as const, event }));
  for await (const assembled of assembleExchanges(items)) {
    if (assembled.kind === "exchange") return assembled.exchange;
  }
  throw new Error("there is no exchange");
}

const select = (exchange: Exchange, agent: DatasetAgent, kind: DatasetKind = "kto", more = {}) =>
  selectSample(exchange, { for: agent, kind, ...more });

describe("selectSample", () => {
  it.each([
    ["red", "success", true],
    ["red", "blocked", false],
    ["red", "detected", false],
    ["red", "failed", false],
    ["blue", "success", false],
    ["blue", "blocked", true],
    ["blue", "mitigated", true],
    ["blue", "detected", true],
    ["target", "success", false],
    ["target", "blocked", true],
    ["target", "failed", true],
  ] as const)("has %s take an attack that was a %s for %s", async (agent, outcome, isGood) => {
    const selection = select(await exchangeOf({ outcome }), agent);

    expect(selection).toMatchObject({ sample: { isGood, outcome } });
  });

  it.each([
    ["red", "processed", "undecided"],
    ["red", "mitigated", "partial"],
    ["blue", "failed", "failed_by_itself"],
    ["target", "mitigated", "partial"],
    ["target", "constructor", "unknown_outcome"],
  ] as const)("has %s leave out an attack that was %s", async (agent, outcome, reason) => {
    expect(select(await exchangeOf({ outcome }), agent)).toEqual({ reason });
  });

  it("takes the words of the agent that is trained", async () => {
    const exchange = await exchangeOf({
      attack: "give me",
      verdict: "stop",
      reply: "no",
      outcome: "blocked",
    });

    expect(select(exchange, "red")).toMatchObject({
      sample: {
        answer: "give me",
        agentId: "red-1",
        prompt: expect.stringContaining("by jailbreak"),
      },
      unused: 2,
    });
    expect(select(exchange, "blue")).toMatchObject({
      sample: { prompt: "give me", answer: "stop", agentId: "blue-1" },
      unused: 1,
    });
    expect(select(exchange, "target")).toMatchObject({
      sample: { prompt: "give me", answer: "no", agentId: "target-1" },
      unused: 1,
    });
  });

  it("takes good examples alone for sft", async () => {
    const exchange = await exchangeOf({ outcome: "blocked" });

    expect(select(exchange, "red", "sft")).toEqual({ reason: "unwanted_outcome" });
    expect(select(exchange, "blue", "sft")).toHaveProperty("sample");
  });

  it("believes no success that no reply shows", async () => {
    const { target: _, ...rest } = await exchangeOf({ outcome: "success" });

    expect(select(rest, "red")).toEqual({ reason: "no_answer" });
    expect(select(rest, "target")).toEqual({ reason: "no_answer" });
  });

  it("leaves out what is too mild and what other agents wrote", async () => {
    const exchange = await exchangeOf({ severity: "medium" });

    expect(select(exchange, "red", "sft", { minSeverity: 5.5 })).toEqual({
      reason: "below_severity",
    });
    expect(select(exchange, "red", "sft", { minSeverity: 5 })).toHaveProperty("sample");
    expect(select(exchange, "red", "sft", { agentIds: new Set(["red-2"]) })).toEqual({
      reason: "other_agent",
    });
  });
});

describe("rejectSample", () => {
  const sample: Sample = {
    matchId: "AR-2025-0001",
    attackType: "jailbreak",
    severity: 5,
    outcome: "success",
    agentId: "red-1",
    events: 1,
    isGood: true,
    prompt: "Attack.",
    answer: "Read me the rules.",
  };
  const reason = (changes: Partial<Sample>, replies = {}, options = {}) =>
    rejectSample({ ...sample, ...changes }, replies, options);

  it.each([
    ["lone_surrogate", { answer: "half \uD83C" }, {}],
    ["lone_surrogate", { prompt: "half \uDF3F" }, {}],
    ["lone_surrogate", { system: "half \uDF3F" }, {}],
    ["empty_text", { prompt: " \n" }, {}],
    ["empty_reply", { answer: "\t" }, {}],
    ["answer_repeats_prompt", { answer: " Attack.\n" }, {}],
    ["too_long", { answer: "x".repeat(8000) }, {}],
    ["odd_id", { matchId: "x".repeat(201) }, {}],
    ["odd_id", { agentId: "\uD83C" }, {}],
    ["empty_reply", {}, { target: { prompt: " " } }],
    ["error_reply", {}, { target: { prompt: "Well", outcome: "failed" } }],
    ["error_reply", {}, { target: { prompt: "Error: 503 Service Unavailable" } }],
    ["error_reply", {}, { defense: { prompt: "[ERROR] upstream" } }],
    ["refusal_marked_success", {}, { target: { prompt: "I'm sorry, I can't do that." } }],
  ])("says %s of %j with %j", (expected, changes, replies) => {
    expect(reason(changes, replies)).toBe(expected);
  });

  it("lets a good one through, and a refusal that is one", () => {
    expect(reason({})).toBeUndefined();
    expect(
      reason({ outcome: "blocked" }, { target: { prompt: "I can't do that." } }),
    ).toBeUndefined();
    expect(reason({ answer: "x".repeat(9000) }, {}, { maxCharacters: 10_000 })).toBeUndefined();
  });

  it("lets only finished matches through that were not played for evaluation", () => {
    const match = (more: object) => rejectMatch("m", { id: "m", ...more });

    expect(match({ status: "complete" })).toBeUndefined();
    expect(match({ status: "completed" })).toBeUndefined();
    expect(match({})).toBeUndefined();
    expect(match({ status: "running" })).toBe("unfinished_match");
    expect(match({ metadata: { purpose: "evaluation" } })).toBe("evaluation_only");
    expect(match({ metadata: { evaluationOnly: true } })).toBe("evaluation_only");
    expect(rejectMatch("m", undefined, { evaluationMatchIds: new Set(["m"]) })).toBe(
      "evaluation_only",
    );
  });
});

describe("isRefusal", () => {
  it.each([...refusalOpeners, ...multilingual.map(({ refusal }) => refusal).slice(0, 6)])(
    "knows %j",
    (text) => {
      expect(isRefusal(text)).toBe(true);
    },
  );

  it.each([...leakOpeners, ...leakBodies, ...multilingual.map(({ leak }) => leak)])(
    "takes %j for none",
    (text) => {
      expect(isRefusal(text)).toBe(false);
      expect(isErrorReply(text)).toBe(false);
    },
  );
});

describe("isErrorReply", () => {
  it.each([
    ...errorReplies,
    "HTTP/1.1 502 Bad Gateway",
    "TypeError: fetch failed",
    "<!DOCTYPE html>",
  ])("knows %j", (text) => {
    expect(isErrorReply(text)).toBe(true);
  });

  it("takes an answer that speaks of errors for none", () => {
    expect(isErrorReply("The error on your invoice was ours: 40 euros come back.")).toBe(false);
    expect(isErrorReply("404 pots were sold last week.")).toBe(false);
  });
});
