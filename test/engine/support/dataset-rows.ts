import { expect } from "vitest";
import { rowProblems } from "../../../src/datasets/index.ts";
import type { DatasetResult, Execution } from "../../../src/index.ts";

// biome-ignore lint/suspicious/noExplicitAny: rows of three kinds, each looked at by the test that asked for it.
export type DatasetFileRow = any;

/** The rows of a file of JSON lines, each of them fit for training. */
export async function rowsOf(
  execution: Execution<DatasetResult>,
  { datasetFile, validation: { kind } }: DatasetResult,
): Promise<DatasetFileRow[]> {
  const text = await (await execution.download(datasetFile)).text();
  const rows: DatasetFileRow[] = text
    .trim()
    .split("\n")
    .map((row) => JSON.parse(row));
  for (const { metadata, ...row } of rows) {
    expect(metadata.match_id).toMatch(/^AR-/);
    expect(rowProblems(row, { kind })).toEqual([]);
  }
  return rows;
}

/** Every attack is used, or left out for a reason. */
export function expectToAddUp({ validation }: DatasetResult, attacks: number) {
  const leftOut = Object.values(validation.leftOutRows).reduce((sum, count) => sum + count, 0);
  expect(validation.attacks).toBe(attacks);
  expect(validation.attacksUsed + leftOut).toBe(attacks);
}
