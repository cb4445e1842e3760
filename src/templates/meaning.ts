import { parse } from "yaml";

/** A flow as plain values: what its text means, whatever its format and comments. */
export type FlowMeaning = Readonly<Record<string, unknown>>;

/** One difference in meaning between two flows. */
export interface FlowChange {
  /** Where, as in `tasks.match.retry.maxAttempts`; items of a list go by their id. */
  path: string;
  /** What stands there in Kestra; `undefined` where nothing does. */
  deployed: unknown;
  /** What would stand there after a deployment; `undefined` where nothing would. */
  wanted: unknown;
}

/**
 * Reads what a flow's text means.
 *
 * @throws YAMLParseError for a text that is no YAML, and TypeError for one that is no flow.
 */
export function readMeaning(text: string): FlowMeaning {
  // What is odd about it is said by a check, and not to the whole process.
  const value: unknown = parse(text, { logLevel: "error" });
  if (!isMap(value)) {
    throw new TypeError("is not a flow: a flow is a YAML map with an id, a namespace and tasks");
  }
  if (holdsItself(value)) throw new TypeError("is not a flow: an alias in it stands for itself");
  return value;
}

/** True for a value that an alias has put into itself: whoever walks through it would never come out. */
function holdsItself(
  value: unknown,
  above = new Set<unknown>(),
  seen = new Set<unknown>(),
): boolean {
  if (typeof value !== "object" || value === null) return false;
  if (above.has(value)) return true;
  if (seen.has(value)) return false;
  seen.add(value);
  above.add(value);
  const isWithin = Object.values(value).some((item) => holdsItself(item, above, seen));
  above.delete(value);
  return isWithin;
}

/** A value that should be a text, as one: whatever stands there, it can be named. */
export function textOf(value: unknown): string {
  return typeof value === "object" && value !== null ? canonical(value) : String(value);
}

/** Every difference in meaning, in the order of the wanted flow. Key order, comments and format are none. */
export function compareMeaning(deployed: unknown, wanted: unknown, path = ""): FlowChange[] {
  if (isMap(deployed) && isMap(wanted)) {
    return unionOf(Object.keys(wanted), Object.keys(deployed)).flatMap((key) =>
      compareMeaning(deployed[key], wanted[key], join(path, key)),
    );
  }
  const deployedItems = byId(deployed);
  const wantedItems = byId(wanted);
  if (deployedItems !== undefined && wantedItems !== undefined) {
    const ids = unionOf([...wantedItems.keys()], [...deployedItems.keys()]);
    const changes = ids.flatMap((id) =>
      compareMeaning(deployedItems.get(id), wantedItems.get(id), join(path, id)),
    );
    if (changes.length > 0 || sameOrder(deployedItems, wantedItems)) return changes;
    return [{ path, deployed: [...deployedItems.keys()], wanted: [...wantedItems.keys()] }];
  }
  return canonical(deployed) === canonical(wanted) ? [] : [{ path, deployed, wanted }];
}

/** A text that is the same for two values of the same meaning: keys in order, nothing left to chance. */
export function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(",")}]`;
  if (isMap(value)) {
    const pairs = Object.keys(value)
      .filter((key) => value[key] !== undefined)
      .sort()
      .map((key) => `${JSON.stringify(key)}:${canonical(value[key])}`);
    return `{${pairs.join(",")}}`;
  }
  return JSON.stringify(value) ?? "null";
}

/** The first 32 hexadecimal digits of the SHA-256 of a meaning. */
export async function hashMeaning(value: unknown): Promise<string> {
  const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(canonical(value)));
  return Buffer.from(digest).toString("hex").slice(0, 32);
}

/** True for a map of YAML. */
export function isMap(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** The items of a list of tasks, inputs, outputs or triggers by their ids; `undefined` for any other list. */
function byId(value: unknown): Map<string, unknown> | undefined {
  if (!Array.isArray(value)) return undefined;
  const items = new Map<string, unknown>();
  for (const item of value) {
    if (!isMap(item) || typeof item.id !== "string" || items.has(item.id)) return undefined;
    items.set(item.id, item);
  }
  return items.size === 0 ? undefined : items;
}

function sameOrder(left: Map<string, unknown>, right: Map<string, unknown>): boolean {
  return canonical([...left.keys()]) === canonical([...right.keys()]);
}

function unionOf(first: string[], second: string[]): string[] {
  return [...new Set([...first, ...second])];
}

function join(path: string, key: string): string {
  return path === "" ? key : `${path}.${key}`;
}
