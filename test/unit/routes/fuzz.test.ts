import { Ajv2020 } from "ajv/dist/2020.js";
import addFormats from "ajv-formats";
import fc from "fast-check";
import { createArenaRoutes } from "kestra-arena/routes";

// Whole requests through whole stacks: on a busy machine they may take their time.
vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 });

import { describe, expect, it, vi } from "vitest";
import { badBody, type JsonSchema } from "./bad-bodies.ts";
import { createFakeKestra } from "./fake-kestra.ts";

/** For each route; there are six triggers and the webhook. */
const runs = 500;

const kestra = createFakeKestra();
kestra.sources.set(
  "ai-arena/match-orchestration",
  "id: match-orchestration\ninputs:\n  - {id: red_agent_id, type: STRING}\n",
);
const routes = createArenaRoutes(kestra.arena, { authorize: "none", maxBodyBytes: 200_000 });
// biome-ignore lint/suspicious/noExplicitAny: a JSON document.
const document = routes.openapi() as any;
const triggers = Object.keys(document.paths).filter((path) => path.startsWith("/trigger/"));

const ajv = new Ajv2020({ strict: false });
(addFormats as unknown as (ajv: Ajv2020) => void)(ajv);

async function send(path: string, body: string, headers: Record<string, string> = {}) {
  const before = kestra.starts;
  const response = await routes.fetch(
    new Request(`http://localhost/api/kestra${path}`, {
      method: "POST",
      body,
      headers: { "content-type": "application/json", ...headers },
    }),
  );
  return { status: response.status, text: await response.text(), started: kestra.starts - before };
}

describe.each(triggers)("POST %s", (path) => {
  const schema: JsonSchema =
    document.paths[path].post.requestBody.content["application/json"].schema;
  const isGood = ajv.compile(schema);

  it(`refuses ${runs} bad bodies, starts nothing for them and never fails`, async () => {
    let refused = 0;
    await fc.assert(
      fc.asyncProperty(
        badBody(schema).filter((body) => !isGood(JSON.parse(JSON.stringify(body)))),
        async (body) => {
          const { status, text, started } = await send(path, JSON.stringify(body));
          expect(status, text).toBeOneOf([400, 413]);
          expect(started).toBe(0);
          if (status === 400) expect(JSON.parse(text).details.length).toBeGreaterThan(0);
          refused += 1;
        },
      ),
      { numRuns: runs },
    );
    expect(refused).toBeGreaterThanOrEqual(runs);
  }, 120_000);

  it("refuses what is no JSON, however it is labelled", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.oneof(
          fc.string(),
          fc.json().map((text) => text.slice(0, -1)),
          fc.json().map((text) => `${text}}`),
        ),
        fc.constantFrom(
          "application/json",
          "application/json;charset=x",
          "text/json",
          "application/x-json",
          "*/*",
        ),
        async (text, type) => {
          fc.pre(text !== "" && !isJson(text));
          const { status, started } = await send(path, text, { "content-type": type });
          expect(status).toBeOneOf([400, 415]);
          expect(started).toBe(0);
        },
      ),
      { numRuns: 100 },
    );
  }, 120_000);
});

describe("POST /webhook/:flowId", () => {
  it(`refuses ${runs} bad bodies, starts nothing for them and never fails`, async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.oneof(
          fc.jsonValue({ maxDepth: 4 }),
          fc.dictionary(fc.string(), fc.jsonValue({ maxDepth: 2 }), { minKeys: 1 }),
          fc.constantFrom(null, "").map((value) => ({ red_agent_id: value })),
        ),
        async (body) => {
          const isPlain = typeof body === "object" && body !== null && !Array.isArray(body);
          const names = isPlain ? Object.keys(body) : ["?"];
          const isBad =
            names.some((name) => name !== "red_agent_id") ||
            [null, ""].includes(Object(body).red_agent_id);
          fc.pre(isBad);
          const { status, text, started } = await send(
            "/webhook/match-orchestration",
            JSON.stringify(body),
          );
          expect(status, text).toBe(400);
          expect(started).toBe(0);
        },
      ),
      { numRuns: runs },
    );
  }, 120_000);
});

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
