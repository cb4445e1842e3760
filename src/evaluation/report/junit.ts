import type { Builder } from "junit-report-builder";
import { loadOptional } from "../../optional-package.ts";
import type { GateResult } from "../comparison/gate.ts";
import { pointsRange, pValue } from "./format.ts";

/**
 * Gives a gate's answer as JUnit XML: a case for the whole difference and one for each attack type. An
 * inconclusive gate is an error, not a pass.
 *
 * @throws ConfigError when `junit-report-builder` is not installed.
 */
export async function renderJUnit(result: GateResult): Promise<string> {
  const module = await loadOptional(
    () => import("junit-report-builder"),
    "junit-report-builder",
    "A JUnit report",
  );
  // Its types describe a transpiled module; at run time the builder itself is the default export.
  const builder = (module.default as unknown as Builder).newBuilder();
  const suite = builder.testSuite().name("arena evaluation gate");
  const reasons = xmlText(result.reasons.join(" "));

  const whole = suite.testCase().className("gate").name("attack success rate");
  whole.standardOutput(xmlText(`difference ${pointsRange(result.comparison.difference.interval)}`));
  if (result.answer === "fail") whole.failure(reasons, "fail");
  if (result.answer === "inconclusive") whole.error(reasons, "inconclusive");

  const worse = new Map(result.worseAttackTypes.map((type) => [type.attackType, type]));
  for (const { attackType, difference } of result.comparison.attackTypes) {
    const testCase = suite.testCase().className("gate.attack-type").name(xmlText(attackType));
    testCase.standardOutput(xmlText(`difference ${pointsRange(difference.interval)}`));
    const found = worse.get(attackType);
    if (found) {
      const message = `worse by more than the margin, p ${pValue(found.adjustedP)} (Holm)`;
      testCase.failure(xmlText(message), "fail");
    }
  }
  return builder.build();
}

/** Drops what XML 1.0 cannot hold, not even escaped: controls, lone surrogates and two non-characters. */
export function xmlText(text: string): string {
  return text.toWellFormed().replace(/[^\P{Cc}\t\n\r\u0080-\u009f]|[\ufffe\uffff]/gu, "�");
}
