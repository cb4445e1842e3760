import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { nothing, refused, scriptedClient } from "../../support/scripted-client.ts";
import { runVirtually, useVirtualTime } from "../../support/virtual-time.ts";

beforeEach(useVirtualTime);
afterEach(() => {
  vi.useRealTimers();
});

describe("The server's version", () => {
  const configs = (version: string) => () => Response.json({ version });

  it("is asked for once, by however many calls", async () => {
    const { client, sent } = scriptedClient([configs("2.0.8")], { line: undefined });
    const asked = Promise.all([client.kestra.line(), client.kestra.line(), client.kestra.server()]);
    expect(await runVirtually(asked)).toEqual([
      "2",
      "2",
      { line: "2", version: "2.0.8", isSupported: true },
    ]);
    expect(sent).toHaveLength(1);
  });

  it("is asked for again after it could not be told", async () => {
    const { client, sent } = scriptedClient([() => refused(401), configs("1.3.31")], {
      line: undefined,
    });
    await expect(runVirtually(client.kestra.line())).rejects.toMatchObject({ status: 401 });
    expect(await runVirtually(client.kestra.line())).toBe("1.3");
    expect(sent).toHaveLength(2);
  });

  it("that is not known is warned of once", async () => {
    const { client, warnings } = scriptedClient([configs("3.1.0")], { line: undefined });
    expect(await runVirtually(client.kestra.line())).toBe("2");
    await runVirtually(client.kestra.line());
    expect(warnings).toMatchObject([{ code: "unsupported_version" }]);
  });

  it.each([404, 500])("is taken for 2.x where the question is answered %i", async (status) => {
    const { client, warnings } = scriptedClient([() => refused(status)], {
      line: undefined,
      retries: 0,
    });
    expect(await runVirtually(client.kestra.server())).toEqual({
      line: "2",
      version: undefined,
      isSupported: false,
    });
    expect(warnings[0]?.message).toContain("Kestra of an unknown version");
  });

  it("is not guessed for a caller who gave up", async () => {
    const { client, warnings } = scriptedClient([nothing], { line: undefined });
    const abort = new AbortController();
    const asked = client.kestra.line(abort.signal);
    abort.abort(new Error("enough"));
    await expect(runVirtually(asked)).rejects.toThrow("enough");
    expect(warnings).toEqual([]);
  });

  it("goes on to be asked for though one of those who wait gives up", async () => {
    const { client, sent } = scriptedClient([configs("2.0.8")], { line: undefined });
    const abort = new AbortController();
    const given = client.kestra.line(abort.signal);
    const other = client.kestra.line();
    abort.abort(new Error("enough"));
    await expect(runVirtually(given)).rejects.toThrow("enough");
    expect(await runVirtually(other)).toBe("2");
    expect(sent).toHaveLength(1);
  });
});
