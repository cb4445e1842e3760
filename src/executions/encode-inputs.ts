import { InputError, type InputIssue } from "../errors.ts";
import type { FlowInputs } from "../flows/define-flow.ts";
import type { InputPart } from "../kestra/multipart.ts";

/**
 * Inputs as the text that Kestra parses by each input's declared type. What Kestra would drop, cut or coerce without a
 * word is refused here.
 *
 * @throws InputError
 */
export function encodeInputs(flowId: string, inputs: FlowInputs): Record<string, InputPart> {
  const parts: Record<string, InputPart> = {};
  const issues: InputIssue[] = [];
  for (const [name, value] of Object.entries(inputs)) {
    if (value === undefined) continue;
    const problem = problemOf(value);
    if (problem === undefined) parts[name] = encode(value);
    else issues.push({ path: [name], message: problem });
  }
  if (issues.length > 0) throw new InputError(`Input of ${flowId}`, issues);
  return parts;
}

function encode(value: FlowInputs[string]): InputPart {
  if (value instanceof Blob) return value;
  if (value instanceof Date) return value.toISOString();
  return typeof value === "object" ? JSON.stringify(value) : String(value);
}

function problemOf(value: unknown): string | undefined {
  if (value === null) return "must not be null: leave it out";
  if (value === "") return "must not be empty: Kestra would take it as not given";
  if (typeof value === "number" && !Number.isFinite(value)) return "must be a finite number";
  // Kestra's FLOAT has 32 bits; what is larger becomes "Infinity".
  if (typeof value === "number" && Math.abs(value) > 3.4028234663852886e38) {
    return "must fit into Kestra's 32-bit FLOAT";
  }
  if (value instanceof Date && Number.isNaN(value.getTime())) return "must be a valid date";
  if (typeof value === "string" && !value.isWellFormed()) {
    return "must not hold half a character (a lone surrogate): call toWellFormed()";
  }
  const isSendable = ["string", "number", "boolean", "object"].includes(typeof value);
  return isSendable ? undefined : `must not be a ${typeof value}`;
}
