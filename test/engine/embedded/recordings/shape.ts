/** Values that a server cannot answer otherwise, so they are compared and not only their type. */
const EXACT = new Set([
  "namespace",
  "flowId",
  "taskId",
  "triggerId",
  "type",
  "title",
  "status",
  "detail",
  "instance",
  "href",
  "constraints",
  "total",
  "count",
  "totalItems",
  "level",
  "edition",
  "revision",
]);
/** Maps whose keys are the flow's or the caller's, not the server's. */
const OPAQUE = new Set(["inputs", "outputs", "values", "headers", "histories"]);

/** What differs between a recorded and an answered value, by path; empty when nothing does. */
export function differences(recorded: unknown, answered: unknown, path = "", key = ""): string[] {
  if (OPAQUE.has(key) && typeof recorded === typeof answered) return [];
  if (Array.isArray(recorded) && Array.isArray(answered)) {
    if (recorded.length > 0 && answered.length > 0)
      return differences(firstOf(recorded, key), firstOf(answered, key), `${path}[]`);
    return recorded.length === answered.length
      ? []
      : [`${path}: ${size(recorded)} → ${size(answered)}`];
  }
  if (isObject(recorded) && isObject(answered)) {
    const keys = [...new Set([...Object.keys(recorded), ...Object.keys(answered)])];
    return keys.flatMap((name) => {
      if (!(name in answered)) return [`${path}.${name}: missing`];
      if (!(name in recorded)) return [`${path}.${name}: not recorded`];
      return differences(recorded[name], answered[name], `${path}.${name}`, name);
    });
  }
  if (typeName(recorded) !== typeName(answered))
    return [`${path}: ${typeName(recorded)} → ${typeName(answered)}`];
  const mustBeEqual = EXACT.has(key) || path === ".message";
  return mustBeEqual && recorded !== answered ? [`${path}: ${recorded} → ${answered}`] : [];
}

/** Errors are a set: they have no order of their own. */
function firstOf(list: readonly unknown[], key: string): unknown {
  return key === "errors" ? list.toSorted((a, b) => (text(a) < text(b) ? -1 : 1))[0] : list[0];
}

function text(error: unknown): string {
  return isObject(error) ? String(error.detail ?? error.message) : String(error);
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function size(list: readonly unknown[]): string {
  return list.length === 0 ? "empty" : "not empty";
}

function typeName(value: unknown): string {
  if (value === null) return "null";
  return Array.isArray(value) ? "array" : typeof value;
}
