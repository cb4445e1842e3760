import { createArenaRoutes } from "kestra-arena/routes";

// Whole requests through whole stacks: on a busy machine they may take their time.
vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 });

import { describe, expect, it, vi } from "vitest";
import { documented } from "./documented.ts";
import { createFakeKestra, problem } from "./fake-kestra.ts";

function setUp(options = {}) {
  const kestra = createFakeKestra();
  const routes = createArenaRoutes(kestra.arena, { authorize: "none", ...options });
  return { kestra, routes, call: documented(routes) };
}

const metrics = {
  total_rounds: 5,
  attacks: 5,
  defenses: 5,
  target_responses: 5,
  attack_success_rate: 40,
  defense_success_rate: 60,
  average_severity: 5,
  critical_vulnerabilities: 0,
  high_vulnerabilities: 1,
  medium_vulnerabilities: 1,
  low_vulnerabilities: 0,
  attack_types: { jailbreak: 5 },
  attack_outcomes: { success: 2, blocked: 3, mitigated: 0, detected: 0, failed: 0, processed: 0 },
  attack_type_results: { jailbreak: { attempts: 5, successes: 2 } },
};

describe("GET /executions/:id", () => {
  it("answers the execution as it is now", async () => {
    const { call, kestra } = setUp();
    kestra.add({
      inputs: { match_mode: "quick", alert_webhook_url: "https://hooks.example/s3cr3t" },
    });
    const { status, body } = await call("/api/kestra/executions/run1");
    expect(status).toBe(200);
    expect(body).toMatchObject({
      id: "run1",
      flowId: "match-orchestration",
      namespace: "ai-arena",
      hasEnded: false,
      inputs: { match_mode: "quick" },
      state: { current: "RUNNING" },
      tasks: [],
    });
    expect(JSON.stringify(body)).not.toContain("s3cr3t");
  });

  it("answers 404 in the same words for what is not there and for what is none of the caller's business", async () => {
    const { call, kestra } = setUp();
    kestra.add({ namespace: "payroll" });
    kestra.add({ flowId: "somebody-elses" });
    const answers = await Promise.all(
      ["run1", "run2", "run3"].map((id) => call(`/api/kestra/executions/${id}`)),
    );
    expect(answers.map(({ status }) => status)).toEqual([404, 404, 404]);
    const texts = answers.map(({ body }) => body.error.replace(/run\d/, "…"));
    expect(new Set(texts).size).toBe(1);
  });

  it("asks Kestra nothing about an id that could be none", async () => {
    const { call, kestra } = setUp();
    for (const id of ["..%2Fflows", "a%20b", "%E0%A4%A", "x".repeat(101), "a%00"]) {
      expect((await call(`/api/kestra/executions/${id}`)).status).toBe(404);
    }
    expect(kestra.calls).toEqual([]);
  });

  it("lets flows of the user's own be seen that were named", async () => {
    const { call, kestra } = setUp({ flows: ["nightly-report"] });
    kestra.add({ flowId: "nightly-report" });
    expect((await call("/api/kestra/executions/run1")).status).toBe(200);
  });

  it.each(["", "/logs", "/result", "/follow", "/cancel"])(
    "hides other people's executions from %s as well",
    async (part) => {
      const { call, kestra } = setUp();
      const { state } = kestra.add({ namespace: "payroll" });
      const method = part === "/cancel" ? "POST" : "GET";
      const { status } = await call(`/api/kestra/executions/run1${part}`, { method });
      expect(status).toBe(404);
      expect(state.current).toBe("RUNNING");
    },
  );
});

describe("GET /executions", () => {
  it("lists the arena's executions, newest first, and nobody else's", async () => {
    const { call, kestra } = setUp();
    kestra.add();
    kestra.add({ flowId: "batch-evaluation" });
    kestra.add({ flowId: "somebody-elses" });
    kestra.add({ namespace: "payroll" });
    kestra.add();
    const { body, headers } = await call("/api/kestra/executions");
    expect(body.map(({ id }: { id: string }) => id)).toEqual(["run5", "run2", "run1"]);
    expect(headers.get("x-total-count")).toBe("3");
    expect(headers.get("link")).toBeNull();
  });

  it("goes on page after page, over all flows and over one", async () => {
    const { call, kestra } = setUp();
    for (let index = 0; index < 7; index += 1) {
      kestra.add({ flowId: index % 2 === 0 ? "match-orchestration" : "batch-evaluation" });
    }
    for (const [query, total] of [
      ["limit=2", 7],
      ["limit=2&flowId=match-orchestration", 4],
    ] as const) {
      const seen: string[] = [];
      let next: string | undefined = `/api/kestra/executions?${query}`;
      while (next !== undefined) {
        const { body, headers, status } = await call(next);
        expect(status).toBe(200);
        expect(headers.get("x-total-count")).toBe(String(total));
        seen.push(...body.map(({ id }: { id: string }) => id));
        next = /<(.+)>; rel="next"/.exec(headers.get("link") ?? "")?.[1];
      }
      expect(new Set(seen).size).toBe(total);
      expect(seen).toHaveLength(total);
    }
  });

  it("takes the query of the arena's guide", async () => {
    const { call, kestra } = setUp();
    kestra.add();
    const query = "namespace=ai-arena&flowId=match-orchestration&limit=100";
    const { status, body } = await call(`/api/kestra/executions?${query}`);
    expect(status).toBe(200);
    expect(body).toHaveLength(1);
  });

  it.each(["namespace=payroll", "flowId=somebody-elses"])("answers 404 for %s", async (query) => {
    const { call, kestra } = setUp();
    expect((await call(`/api/kestra/executions?${query}`)).status).toBe(404);
    expect(kestra.calls).toEqual([]);
  });

  it.each([
    "limit=0",
    "limit=1001",
    "limit=x",
    "limit=",
    "limit=0x10",
    "limit=1&limit=2",
    "page=0",
    "flowid=x",
    "limit=1000&page=11",
  ])("answers 400 for %s", async (query) => {
    const { call, kestra } = setUp();
    const { status, body } = await call(`/api/kestra/executions?${query}`);
    expect(status).toBe(400);
    expect(body.details[0].path[0]).toBe("query");
    expect(kestra.calls).toEqual([]);
  });
});

describe("GET /executions/:id/result", () => {
  it("answers 202 while it runs, at once and after waiting", async () => {
    const { call, kestra } = setUp();
    kestra.add();
    for (const query of ["", "?waitSeconds=0.05"]) {
      const { status, body, headers } = await call(`/api/kestra/executions/run1/result${query}`);
      expect(status).toBe(202);
      expect(body).toEqual({
        executionId: "run1",
        flowId: "match-orchestration",
        state: "RUNNING",
      });
      expect(headers.get("retry-after")).toBe("1");
    }
  });

  it("waits for the end, and answers the flow's result", async () => {
    const { call, kestra } = setUp();
    const outputs = {
      match_id: "AR-2025-0001",
      match_status: "complete",
      winner: "red",
      metrics,
      transcript_file: "kestra:///t.json",
    };
    const execution = kestra.add({ outputs });
    const answer = call("/api/kestra/executions/run1/result?waitSeconds=30");
    await expect.poll(() => kestra.calls.some(({ path }) => path.includes("follow"))).toBe(true);
    kestra.setState(execution, "SUCCESS");
    const { status, body } = await answer;
    expect(status).toBe(200);
    expect(body).toMatchObject({
      ok: true,
      state: "SUCCESS",
      result: { matchId: "AR-2025-0001", winner: "red" },
    });
  });

  it("answers a failure as data, with the reason and without credentials", async () => {
    const { call, kestra } = setUp();
    const logs = [
      {
        timestamp: "2025-11-24T16:00:00Z",
        level: "ERROR",
        message: "the password s3cret-Passw0rd leaked",
      },
    ];
    kestra.add({ current: "FAILED", logs });
    const { status, body } = await call("/api/kestra/executions/run1/result");
    expect(status).toBe(200);
    expect(body).toMatchObject({ ok: false, state: "FAILED", error: { code: "execution_failed" } });
    expect(body.error.reason).toBe("the password [redacted] leaked");
  });
});

describe("GET /executions/:id/logs", () => {
  it("answers the lines, without credentials", async () => {
    const { call, kestra } = setUp();
    const timestamp = "2025-11-24T16:00:00Z";
    const logs = [
      { timestamp, level: "INFO", message: "Round 1", taskId: "scores" },
      { timestamp, level: "ERROR", message: "sent s3cret-Passw0rd" },
    ];
    kestra.add({ logs });
    const { status, body } = await call("/api/kestra/executions/run1/logs?minLevel=INFO");
    expect(status).toBe(200);
    expect(body).toEqual([
      { timestamp, level: "INFO", message: "Round 1", taskId: "scores" },
      { timestamp, level: "ERROR", message: "sent [redacted]" },
    ]);
  });

  it("refuses a level that does not exist", async () => {
    const { call, kestra } = setUp();
    kestra.add();
    expect((await call("/api/kestra/executions/run1/logs?minLevel=LOUD")).status).toBe(400);
  });
});

describe("POST /executions/:id/cancel", () => {
  it("kills it and answers how it ended", async () => {
    const { call, kestra } = setUp();
    const { state } = kestra.add();
    const { status, body } = await call("/api/kestra/executions/run1/cancel", { method: "POST" });
    expect(status).toBe(200);
    expect(body).toEqual({ executionId: "run1", state: "KILLED", hasEnded: true });
    expect(state.current).toBe("KILLED");
  });
});

describe("GET /health", () => {
  it("is open, and says whether Kestra can be used", async () => {
    const { call } = setUp({ authorize: () => false });
    const { status, body } = await call("/api/kestra/health");
    expect(status).toBe(200);
    expect(body).toEqual({ status: "ok", kestra: "ok" });
  });

  it.each([
    ["unreachable", () => Promise.reject(new TypeError("fetch failed"))],
    ["credentials_refused", async () => problem(401, "No")],
    ["failing", async () => problem(500, "Oops")],
  ])("answers 503 with %s", async (kestraState, answer) => {
    const { call, kestra } = setUp();
    kestra.rules.push({ path: /search/, answer });
    const { status, body } = await call("/api/kestra/health");
    expect(status).toBe(503);
    expect(body).toEqual({ status: "unavailable", kestra: kestraState });
  });

  it("asks Kestra once for many that ask at the same time", async () => {
    const { call, kestra } = setUp();
    await Promise.all(Array.from({ length: 20 }, () => call("/api/kestra/health")));
    expect(kestra.calls.filter(({ path }) => path.includes("search"))).toHaveLength(1);
  });
});
