import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { analyze } from "../../src/evaluation/analysis/analyze.ts";
import { compare } from "../../src/evaluation/comparison/compare.ts";
import { renderHtml } from "../../src/evaluation/report/html/report.ts";
import { simulateRows, truth } from "../unit/evaluation/support.ts";
import { openChromium, type PageDocument } from "./chromium.ts";
import { hostileBatch, hostileTexts } from "./hostile.ts";

/** Only inside the functions that run in the page. */
declare const document: PageDocument;

const axeSource = readFileSync(
  createRequire(import.meta.url).resolve("axe-core/axe.min.js"),
  "utf8",
);
const folder = mkdtempSync(join(tmpdir(), "arena-report-"));
let browser: Browser;
let hostile: string;
let ordinary: string;

beforeAll(async () => {
  browser = await openChromium();
  const { rows, options } = hostileBatch();
  const analysis = analyze(rows, options);
  const comparison = compare(rows, rows, { ...options, isSeeded: true });
  hostile = write(
    "hostile",
    await renderHtml(analysis, { title: hostileTexts[1] ?? "", comparison }),
  );
  const batch = simulateRows(truth);
  const later = compare(batch, simulateRows(truth, { seed: 5 }));
  ordinary = write("ordinary", await renderHtml(analyze(batch), { comparison: later }));
});

afterAll(async () => {
  await browser.close();
  rmSync(folder, { recursive: true });
});

function write(name: string, page: string): string {
  const path = join(folder, `${name}.html`);
  writeFileSync(path, page);
  return pathToFileURL(path).href;
}

/** Opens a report and tells all that it does besides being shown. */
async function open(url: string, options: Parameters<Browser["newPage"]>[0] = {}) {
  const page = await browser.newPage(options);
  const seen: string[] = [];
  page.on("request", (request) => {
    if (request.url() !== url) seen.push(`request ${request.url().slice(0, 200)}`);
  });
  page.on("console", (message) => seen.push(`console ${message.text().slice(0, 200)}`));
  page.on("pageerror", (error) => seen.push(`error ${error.message}`));
  page.on("dialog", (dialog) => {
    seen.push(`dialog ${dialog.message()}`);
    void dialog.dismiss();
  });
  page.on("popup", () => seen.push("popup"));
  await page.goto(url);
  return { page, seen };
}

const openAllDetails = (page: Page) =>
  page.evaluate(() => {
    for (const details of document.querySelectorAll("details")) details.open = true;
  });

describe("a report of hostile texts in Chromium", () => {
  it("runs nothing, asks for nothing and breaks no rule of its own policy", async () => {
    const { page, seen } = await open(hostile);
    await openAllDetails(page);
    await page.mouse.move(300, 300);
    await page.mouse.wheel(0, 5_000);
    const found = await page.evaluate(() => ({
      owned: "owned" in globalThis,
      foreign: document.querySelectorAll("script,iframe,object,embed,link,img,form,input,base")
        .length,
      styles: document.querySelectorAll("style,[style]").length,
      handlers: [...document.querySelectorAll("*")].filter((element) =>
        [...element.attributes].some(({ name }) => name.startsWith("on")),
      ).length,
      links: [...document.querySelectorAll("a")].filter(
        (a) => !a.getAttribute("href")?.startsWith("#"),
      ).length,
    }));
    await page.close();
    expect(seen).toEqual([]);
    expect(found).toEqual({ owned: false, foreign: 0, styles: 1, handlers: 0, links: 0 });
  });

  it("shows the texts as texts, and what is invisible in them", async () => {
    const { page } = await open(hostile);
    await openAllDetails(page);
    // biome-ignore lint/performance/useDomNodeTextContent: what is shown is what counts.
    const text = await page.evaluate(() => document.body.innerText);
    await page.close();
    expect(text).toContain("<script>globalThis.owned = 1</script>");
    expect(text).toContain("⟦U+202E⟧evil⟦U+202C⟧");
    expect(text).toContain("more characters)");
    // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what must not be there.
    expect(text).not.toMatch(/[\u0000-\u0008\u202a-\u202e\u2066-\u2069\u200b]/);
  });

  it.each([360, 768, 1280])("overflows nowhere at a width of %i", async (width) => {
    for (const url of [hostile, ordinary]) {
      const { page } = await open(url, { viewport: { width, height: 800 } });
      await openAllDetails(page);
      const wide = await page.evaluate(() => {
        const limit = document.documentElement.clientWidth;
        const scrolls = document.documentElement.scrollWidth > limit;
        // Inside a region that scrolls by itself, a table may be wider than the page.
        const out = [...document.querySelectorAll("body *")].filter(
          (element) =>
            !element.closest(".scroll")?.contains(element.parentElement) &&
            !element.closest("svg") &&
            element.getBoundingClientRect().right > limit + 1,
        );
        return { scrolls, out: out.map((element) => element.outerHTML.slice(0, 80)) };
      });
      await page.close();
      expect(wide).toEqual({ scrolls: false, out: [] });
    }
  });

  it.each(["light", "dark"] as const)("gives axe nothing serious in %s", async (colorScheme) => {
    for (const url of [hostile, ordinary]) {
      const { page } = await open(url, { colorScheme });
      await openAllDetails(page);
      await page.evaluate(axeSource);
      const violations = await page.evaluate(async () => {
        const { axe } = globalThis as unknown as { axe: typeof import("axe-core") };
        const { violations: all } = await axe.run();
        return all.map(
          ({ id, impact, nodes }) => `${impact} ${id} ${nodes[0]?.html.slice(0, 120)}`,
        );
      });
      await page.close();
      expect(violations.filter((v) => /^(serious|critical)/.test(v))).toEqual([]);
    }
  });

  it("shows the transcripts in print though they are folded on the screen", async () => {
    const { page } = await open(hostile);
    const isShown = () =>
      page.evaluate(() => document.querySelector("details:not([open]) dd")?.checkVisibility());
    expect(await isShown()).toBe(false);
    await page.emulateMedia({ media: "print" });
    const printed = await page.evaluate(() => {
      const text = document.querySelector("details:not([open]) dd");
      return (text?.getBoundingClientRect().height ?? 0) > 0;
    });
    await page.close();
    expect(printed).toBe(true);
  });

  it("says the same without any script engine", async () => {
    const { page } = await open(ordinary, { javaScriptEnabled: false });
    const text = await page.textContent("body");
    await page.close();
    expect(text).toContain("Leaderboards");
    expect(text).toContain("Compared with the baseline");
  });
});
