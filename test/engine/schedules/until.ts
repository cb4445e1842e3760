import { expect } from "vitest";
import { eventually } from "../support/eventually.ts";

/** Looks until what is seen is as it should be, and gives it. */
export function until<Value>(
  look: () => Promise<Value>,
  isSo: (value: Value) => boolean,
): Promise<Value> {
  return eventually(async () => {
    const value = await look();
    expect(isSo(value), JSON.stringify(value)).toBe(true);
    return value;
  });
}
