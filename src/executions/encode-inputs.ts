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

/** Kestra's FLOAT has 32 bits; what is larger becomes "Infinity". */
const largestFloat = 3.4028234663852886e38;

function problemOf(value: unknown): string | undefined {
  if (value === null) return "must not be null: leave it out";
  if (value === "") return "must not be empty: Kestra would take it as not given";
  if (typeof value === "number" && Math.abs(value) > largestFloat) {
    return "must be finite, and fit into Kestra's 32-bit FLOAT";
  }
  if (value instanceof Date) {
    const year = value.getUTCFullYear();
    return year >= 0 && year <= 9999 ? undefined : "must be a valid date of the years 0 to 9999";
  }
  return value instanceof Blob ? undefined : problemInside(value, "");
}

/** What JSON would leave out, or turn into null, without a word. @param path - Where in the value, as in `[3].agent`. */
function problemInside(value: unknown, path: string): string | undefined {
  const where = path === "" ? "must" : `must at ${path}`;
  switch (typeof value) {
    case "string":
      if (value.isWellFormed()) return undefined;
      return `${where} not hold half a character (a lone surrogate): call toWellFormed()`;
    case "number":
      return Number.isFinite(value) ? undefined : `${where} be a finite number`;
    case "boolean":
      return undefined;
    case "object":
      break;
    default:
      return `${where} not be of type ${typeof value}`;
  }
  if (value === null || "toJSON" in value) return undefined;
  if (Array.isArray(value)) return firstProblem(value.entries(), (key) => `${path}[${key}]`);
  if (value instanceof Map || value instanceof Set) return `${where} not be a Map or Set`;
  // What is undefined in an object was left out on purpose.
  const given = Object.entries(value).filter(([, item]) => item !== undefined);
  return firstProblem(given, (key) => (path === "" ? String(key) : `${path}.${key}`));
}

function firstProblem(
  entries: Iterable<readonly [string | number, unknown]>,
  pathOf: (key: string | number) => string,
): string | undefined {
  for (const [key, item] of entries) {
    const problem = problemInside(item, pathOf(key));
    if (problem !== undefined) return problem;
  }
  return undefined;
}
