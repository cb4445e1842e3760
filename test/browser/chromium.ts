import { existsSync } from "node:fs";
import { type Browser, chromium } from "playwright-core";

/** Opens the system's Chromium; playwright-core brings none of its own. */
export async function openChromium(): Promise<Browser> {
  const executablePath = [process.env.CHROMIUM_PATH, "/usr/bin/chromium"].find(
    (path) => path !== undefined && existsSync(path),
  );
  if (executablePath === undefined) {
    throw new Error("There is no Chromium. Run scripts/ensure-chromium.sh or set CHROMIUM_PATH.");
  }
  // As root, as in CI, Chromium has no sandbox. What it opens here comes from this repository alone.
  return await chromium.launch({ executablePath, args: ["--no-sandbox"] });
}

/** What the tests use of an element in the page; the DOM's own types would leak into code that runs in Node. */
interface PageElement {
  open?: boolean;
  outerHTML: string;
  parentElement: PageElement | null;
  attributes: Iterable<{ name: string }>;
  getAttribute(name: string): string | null;
  closest(selector: string): PageElement | null;
  contains(other: PageElement | null): boolean;
  checkVisibility(): boolean;
  getBoundingClientRect(): { right: number; height: number };
}

/** What the tests use of the page's document. */
export interface PageDocument {
  body: { innerText: string };
  documentElement: { clientWidth: number; scrollWidth: number };
  querySelector(selector: string): PageElement | null;
  querySelectorAll(selector: string): Iterable<PageElement> & { length: number };
}
