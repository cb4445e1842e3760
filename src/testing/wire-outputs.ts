/** Below these there are keys that are data, such as the names of attack types. */
const dataKeys = new Set([
  "attackTypes",
  "attackTypeResults",
  "leftOutMatches",
  "leftOutRows",
  "outcomes",
  "labels",
  "pairings",
  "replaced",
]);

/** A result as its flow's outputs say it: snake_case, and without nulls, which Kestra drops from JSON outputs. */
export function toWire(result: object): Record<string, unknown> {
  const wire: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(result)) {
    if (value === null || value === undefined) continue;
    const isData = dataKeys.has(key) && !Array.isArray(value);
    wire[snakeCase(key)] = isData ? value : wireValue(value);
  }
  return wire;
}

function wireValue(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(wireValue);
  return typeof value === "object" && value !== null ? toWire(value) : value;
}

function snakeCase(key: string): string {
  return key.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}
