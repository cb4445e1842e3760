import type { Analysis } from "../analysis/analysis.ts";
import type { Interval } from "../statistics/interval.ts";

/** Gives a fraction as a percentage with one decimal, or a dash. */
export function percent(fraction: number | null | undefined): string {
  return fraction === null || fraction === undefined ? "–" : `${(fraction * 100).toFixed(1)} %`;
}

/** Gives an interval of fractions as `12.3–45.6 %`, or a dash. */
export function percentRange(interval: Interval | null | undefined): string {
  if (!interval) return "–";
  return `${(interval.low * 100).toFixed(1)}–${(interval.high * 100).toFixed(1)} %`;
}

/** Gives how sure an interval is, `95 %`; never rounded to 100 %, which no interval is. */
export function level(confidence: number): string {
  // Twelve digits drop what the multiplication adds: 0.55 · 100 is 55.000…01.
  return `${Number((confidence * 100).toPrecision(12))} %`;
}

/** Gives a type of attack in words: `prompt_injection` as `prompt injection`. */
export function inWords(attackType: string): string {
  return attackType.replaceAll("_", " ");
}

/** Gives a difference of fractions in percentage points with its sign. */
export function points(fraction: number | null | undefined): string {
  if (fraction === null || fraction === undefined) return "–";
  return `${signed(fraction * 100, 1)} pp`;
}

/** Gives an interval of differences in percentage points. */
export function pointsRange(interval: Interval | null | undefined): string {
  if (!interval) return "–";
  return `${signed(interval.low * 100, 1)} to ${signed(interval.high * 100, 1)} pp`;
}

/** Gives a number with so many decimals, or a dash. */
export function decimal(value: number | null | undefined, digits = 1): string {
  return value === null || value === undefined ? "–" : value.toFixed(digits).replace("-", "−");
}

/** Gives a number with its sign. */
function signed(value: number, digits: number): string {
  const text = Math.abs(value).toFixed(digits);
  if (Number(text) === 0) return text;
  return `${value < 0 ? "−" : "+"}${text}`;
}

/** Gives a p value in the usual words. */
export function pValue(p: number | null | undefined): string {
  if (p === null || p === undefined) return "–";
  return p < 0.001 ? "< 0.001" : p.toFixed(3);
}

/** Gives a time as `40 s`, `12 min` or `1 h 5 min`. */
export function duration(seconds: number): string {
  if (seconds < 90) return `${Math.round(seconds)} s`;
  const minutes = Math.round(seconds / 60);
  if (minutes < 90) return `${minutes} min`;
  return `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

/** Gives `1 match`, `2 matches`. */
export function counted(count: number, singular: string, plural = `${singular}s`): string {
  return `${count.toLocaleString("en")} ${count === 1 ? singular : plural}`;
}

/**
 * Gives the names of a batch's agents by id: an agent without a name is called by the start of its id, and
 * agents that would be called the same are told apart by it.
 */
export function namesOf({ agents }: Pick<Analysis, "agents">): (id: string) => string {
  const calls = new Map<string, number>();
  for (const { id, name } of agents) {
    const called = clip(name ?? shortId(id), 60);
    calls.set(called, (calls.get(called) ?? 0) + 1);
  }
  const names = new Map(
    agents.map(({ id, name }) => {
      const called = clip(name ?? shortId(id), 60);
      return [id, calls.get(called) === 1 ? called : `${called} (${shortId(id)})`];
    }),
  );
  return (id) => names.get(id) ?? shortId(id);
}

/** Cuts a text that is longer, and shows that it was cut. */
export function clip(text: string, length: number): string {
  return text.length > length ? `${text.slice(0, length).toWellFormed()}…` : text;
}

function shortId(id: string): string {
  return id.length > 12 ? `${id.slice(0, 8)}…` : id;
}
