import type { Interval } from "../../statistics/interval.ts";
import { html, type Markup } from "./html.ts";

/**
 * Draws a rate and its interval on a scale of 0–1. Attributes only: a strict policy forbids inline styles. They are enough
 * for a notebook's cell, dark or light; the report's style sheet overrides them.
 */
export function intervalBar(rate: number | null, interval: Interval | null): Markup | null {
  if (rate === null || interval === null) return null;
  const low = at(interval.low);
  const high = at(interval.high);
  return html`<svg class="bar" width="160" height="14" viewBox="0 0 200 14" preserveAspectRatio="none" fill="currentColor" aria-hidden="true">${[
    html`<line class="track" x1="0" x2="200" y1="7" y2="7" stroke="currentColor" stroke-width="2" opacity="0.25"/>`,
    html`<rect class="band" x="${low}" width="${round(Math.max(1, high - low))}" y="3" height="8" rx="2" opacity="0.45"/>`,
    html`<rect class="dot" x="${round(at(rate) - 1.5)}" width="3" y="1" height="12"/>`,
  ]}</svg>`;
}

function at(fraction: number): number {
  return round(Math.min(1, Math.max(0, fraction)) * 200);
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
