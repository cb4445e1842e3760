import { isArenaError } from "kestra-arena";
import { fakeKestra } from "kestra-arena/testing";
import { describe, expect, it } from "vitest";
import { segment, tenantUrl, withQuery } from "../../../src/kestra/url.ts";
import { clientOf } from "../testing/agents.ts";

describe("A part of a path", () => {
  it.each(["", ".", ".."])("is never %j, which would lead to another route", async (id) => {
    const kestra = fakeKestra();
    const { kestra: api } = clientOf(kestra);
    for (const call of [
      () => api.executions.get(id),
      () => api.executions.act(id, "kill"),
      () => api.executions.file("x", `kestra:///a/executions/${id || "."}/b`),
      () => api.flows.delete(id, "a"),
      () => api.flows.delete("a", id),
      () => api.kv.delete("a", id),
      () => api.webhooks.call({ namespace: "a", flowId: "b", key: id, body: {} }),
    ]) {
      const error: unknown = await call().catch((thrown: unknown) => thrown);
      expect(isArenaError(error, "input"), String(error)).toBe(true);
    }
    expect(kestra.requests.filter(({ route }) => route !== "configs")).toEqual([]);
    expect(() => tenantUrl("http://a.test", id, "b")).toThrow("must be an id or a name");
  });

  it.each(["a/b", "a?b", "a#b", "%2E%2E", "a\\b", "a b", "..%2f", "é", "…"])(
    "is %j as it stands, and reaches no other route",
    (id) => {
      const url = new URL(
        withQuery(tenantUrl("http://a.test", "main", `executions/${segment(id)}`)),
      );
      expect(url.pathname.split("/")).toHaveLength(6);
      expect(decodeURIComponent(url.pathname.split("/")[5] ?? "")).toBe(id);
      expect([url.search, url.hash]).toEqual(["", ""]);
    },
  );
});
