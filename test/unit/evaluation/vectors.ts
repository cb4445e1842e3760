import { expect } from "vitest";
import vectors from "../../fixtures/evaluation-vectors.json" with { type: "json" };

export { vectors };

/** Asserts what the vectors' tolerance of 1e-6 asks for; they hold eight decimals. */
export function expectClose(actual: number | null | undefined, expected: number): void {
  expect(actual).toBeTypeOf("number");
  expect(Math.abs((actual as number) - expected)).toBeLessThan(1e-6);
}
