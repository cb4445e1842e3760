import { once } from "node:events";
import type { AddressInfo, Server } from "node:net";
import { createAdaptorServer } from "@hono/node-server";
import { createArenaRoutes } from "kestra-arena/routes";
import type { Browser, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { createFakeKestra } from "../unit/routes/fake-kestra.ts";
import { openChromium } from "./chromium.ts";

/** What a page of the arena's front end sees of one stream. */
interface Seen {
  events: { type: string; id: string; data: { current?: string; state?: string } }[];
  opened: number;
  errors: number;
  isClosed: boolean;
}

/** The part of the browser that the page's script uses; the DOM's own types would leak into code that runs in Node. */
declare class EventSource {
  constructor(url: string);
  readonly readyState: number;
  addEventListener(
    type: string,
    listener: (event: { lastEventId: string; data: string }) => void,
  ): void;
  close(): void;
}
declare const self: { seen: Seen; source: EventSource };

let browser: Browser;
let page: Page;
let kestra: ReturnType<typeof createFakeKestra>;
let server: Server;
let url: string;
let requests: string[];

beforeAll(async () => {
  browser = await openChromium();
});
afterAll(() => browser.close());

beforeEach(async () => {
  kestra = createFakeKestra();
  requests = [];
  const { fetch } = createArenaRoutes(kestra.arena, { authorize: "none", heartbeatMs: 50 });
  server = createAdaptorServer({
    overrideGlobalObjects: false,
    fetch: (request) => {
      const { pathname } = new URL(request.url);
      if (!pathname.startsWith("/api/"))
        return new Response("<!doctype html><title>Arena</title>", {
          headers: { "content-type": "text/html" },
        });
      requests.push(`${pathname} ${request.headers.get("last-event-id") ?? "-"}`);
      return fetch(request);
    },
  }) as Server;
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  page = await browser.newPage();
  await page.goto(url);
});

afterEach(async () => {
  await page.close();
  cutConnections();
  server.close();
});

function cutConnections(): void {
  (server as Server & { closeAllConnections(): void }).closeAllConnections();
}

/** As a front end does it: the stream is closed at its end, or the browser would come again. */
async function follow(executionId: string, closes: boolean): Promise<void> {
  await page.evaluate(
    ({ path, closesAtEnd }) => {
      const seen: Seen = { events: [], opened: 0, errors: 0, isClosed: false };
      const source = new EventSource(path);
      self.seen = seen;
      self.source = source;
      source.addEventListener("open", () => {
        seen.opened += 1;
      });
      source.addEventListener("error", () => {
        seen.errors += 1;
        // 2: the browser has given up, and does not come again.
        seen.isClosed = source.readyState === 2;
      });
      for (const type of ["state", "failure", "end"]) {
        source.addEventListener(type, (event) => {
          seen.events.push({ type, id: event.lastEventId, data: JSON.parse(event.data) });
          if (type !== "end" || !closesAtEnd) return;
          source.close();
          seen.isClosed = true;
        });
      }
    },
    { path: `/api/kestra/executions/${executionId}/follow`, closesAtEnd: closes },
  );
}

const seen = () => page.evaluate(() => self.seen);
const states = async () =>
  (await seen()).events.flatMap(({ type, data }) => (type === "state" ? [data.current] : []));
const patient = { timeout: 60_000 };

describe("EventSource in Chromium", () => {
  it("gets each state once as it comes, over a pause that heartbeats keep alive, and then the end", async () => {
    const execution = kestra.add();
    await follow("run1", true);
    await expect.poll(states, patient).toEqual(["CREATED", "RUNNING"]);
    kestra.setState(execution, "PAUSED");
    await expect.poll(states, patient).toEqual(["CREATED", "RUNNING", "PAUSED"]);
    kestra.setState(execution, "SUCCESS");
    await expect.poll(async () => (await seen()).isClosed, patient).toBe(true);
    const { events, opened, errors } = await seen();
    expect(events.map(({ id }) => id)).toEqual(["1", "2", "3", "4", "end"]);
    expect(events.at(-1)).toMatchObject({ type: "end", data: { state: "SUCCESS" } });
    expect({ opened, errors }).toEqual({ opened: 1, errors: 0 });
  });

  it("comes again when the connection is cut, and misses and repeats nothing", async () => {
    const execution = kestra.add();
    await follow("run1", true);
    await expect.poll(states, patient).toEqual(["CREATED", "RUNNING"]);
    cutConnections();
    kestra.setState(execution, "PAUSED");
    await expect.poll(async () => (await seen()).opened, patient).toBe(2);
    kestra.setState(execution, "SUCCESS");
    await expect.poll(async () => (await seen()).isClosed, patient).toBe(true);
    expect(await states()).toEqual(["CREATED", "RUNNING", "PAUSED", "SUCCESS"]);
    expect(requests).toEqual([
      "/api/kestra/executions/run1/follow -",
      "/api/kestra/executions/run1/follow 2",
    ]);
  });

  it("stays away after the end, though the page does not close the stream", async () => {
    kestra.add({ current: "FAILED" });
    await follow("run1", false);
    await expect.poll(async () => (await seen()).isClosed, patient).toBe(true);
    expect(requests).toEqual([
      "/api/kestra/executions/run1/follow -",
      "/api/kestra/executions/run1/follow end",
    ]);
  });

  it("gives up at once on an execution that does not exist", async () => {
    await follow("run9", true);
    await expect.poll(async () => (await seen()).isClosed, patient).toBe(true);
    expect(await seen()).toMatchObject({ opened: 0, errors: 1, events: [] });
  });

  it("is let go of when the page is left", async () => {
    kestra.add();
    await follow("run1", true);
    await expect.poll(states, patient).toEqual(["CREATED", "RUNNING"]);
    expect(kestra.followers).toBe(1);
    await page.goto("about:blank");
    await expect.poll(() => kestra.followers, patient).toBe(0);
  });
});
