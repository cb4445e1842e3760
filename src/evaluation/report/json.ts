import type { Displayable } from "../../display.ts";
import { InputError } from "../../errors.ts";
import type { Analysis } from "../analysis/analysis.ts";
import { showable } from "../analysis/analyze.ts";

/** Gives an analysis as JSON, to be kept and read back by {@link parseAnalysis}. */
export function renderJson(analysis: Analysis): string {
  return `${JSON.stringify(analysis, null, 2)}\n`;
}

/**
 * Reads an analysis back that {@link renderJson} wrote.
 *
 * @throws InputError when the text is no analysis of this version.
 */
export function parseAnalysis(text: string): Analysis & Displayable {
  const wrong = (message: string) => new InputError("The analysis", [{ path: [], message }]);
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw wrong("is not JSON: give the file that renderJson wrote");
  }
  const { version, overall, definitions } = (value ?? {}) as Partial<Analysis>;
  if (version !== 1 || overall === undefined || definitions === undefined) {
    throw wrong("is not an analysis of version 1: make it anew from the rows");
  }
  return showable(value as Analysis);
}
