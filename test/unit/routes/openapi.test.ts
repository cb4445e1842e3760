import { Ajv2020 } from "ajv/dist/2020.js";
import { createArenaRoutes } from "kestra-arena/routes";

// Whole requests through whole stacks: on a busy machine they may take their time.
vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 });

import { describe, expect, it, vi } from "vitest";
import { createFakeKestra } from "./fake-kestra.ts";

const { arena } = createFakeKestra();
const routes = createArenaRoutes(arena, { authorize: "none" });
// biome-ignore lint/suspicious/noExplicitAny: a JSON document.
const document = routes.openapi() as any;

const operations = Object.entries(document.paths).flatMap(([path, methods]) =>
  // biome-ignore lint/suspicious/noExplicitAny: a JSON document.
  Object.entries(methods as Record<string, any>).map(([method, operation]) => ({
    path,
    method: method.toUpperCase(),
    operation,
  })),
);

describe("the OpenAPI document", () => {
  it("names every route of the arena, and where they begin", () => {
    expect(document.openapi).toBe("3.1.0");
    expect(document.servers).toEqual([{ url: "/api/kestra" }]);
    expect(operations.map(({ method, path }) => `${method} ${path}`).sort()).toMatchInlineSnapshot(`
      [
        "DELETE /schedules/{id}",
        "GET /executions",
        "GET /executions/{id}",
        "GET /executions/{id}/follow",
        "GET /executions/{id}/logs",
        "GET /executions/{id}/result",
        "GET /health",
        "GET /openapi.json",
        "GET /schedules",
        "POST /executions/{id}/cancel",
        "POST /trigger/batch-evaluation",
        "POST /trigger/dataset",
        "POST /trigger/fine-tune",
        "POST /trigger/match",
        "POST /trigger/monitoring",
        "POST /trigger/scheduled",
        "POST /webhook/{flowId}",
      ]
    `);
  });

  it("is what GET /openapi.json answers", async () => {
    const response = await routes.fetch(new Request("http://localhost/api/kestra/openapi.json"));
    expect(await response.json()).toEqual(JSON.parse(JSON.stringify(document)));
  });

  it("holds schemas that JSON Schema 2020-12 accepts", () => {
    const ajv = new Ajv2020({ strict: true, strictTypes: false, formats: { uuid: true } });
    ajv.addKeyword("components");
    ajv.addSchema({ $id: "doc", components: document.components });
    for (const { operation } of operations) {
      const bodies = [operation.requestBody, ...Object.values(operation.responses)];
      for (const body of bodies) {
        for (const { schema = {} } of Object.values(body?.content ?? {}) as {
          schema?: unknown;
        }[]) {
          const text = JSON.stringify(schema).replaceAll('"#/components', '"doc#/components');
          ajv.compile(JSON.parse(text));
        }
      }
    }
  });

  it("gives each operation a name of its own, a summary, and its errors", () => {
    const names = operations.map(({ operation }) => operation.operationId);
    expect(new Set(names).size).toBe(names.length);
    for (const { operation } of operations) {
      expect(operation.summary).toMatch(/\.$/);
      if (operation.security?.length === 0) continue;
      expect(Object.keys(operation.responses)).toEqual(
        expect.arrayContaining(["401", "403", "502", "504"]),
      );
    }
  });

  it("states the bounds and defaults of the arena's API", () => {
    const body = (path: string) =>
      document.paths[path].post.requestBody.content["application/json"].schema.properties;
    expect(body("/trigger/match").mode).toMatchObject({
      enum: ["quick", "standard", "deep", "continuous"],
      default: "standard",
    });
    expect(body("/trigger/batch-evaluation").matchesPerCombination).toMatchObject({
      minimum: 1,
      maximum: 10,
      default: 3,
    });
    const limit = document.paths["/executions"].get.parameters.find(
      ({ name }: { name: string }) => name === "limit",
    );
    expect(limit.schema).toMatchObject({ default: 100, minimum: 1, maximum: 1000 });
  });
});
