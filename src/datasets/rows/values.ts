/** True for an object that is no list. */
export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** What is wrong with a text that a model is to learn from. */
export function checkText(path: string, value: unknown): string[] {
  if (typeof value !== "string") return [`${path}: is no text`];
  if (value.trim() === "") return [`${path}: is empty`];
  if (!value.isWellFormed()) return [`${path}: has half of a surrogate pair`];
  return [];
}

/** Which keys an object lacks or has too many. Keys are a file's content: a strange one is not repeated in full. */
export function checkKeys(
  path: string,
  value: Record<string, unknown>,
  required: readonly string[],
  optional: readonly string[] = [],
): string[] {
  const at = path === "" ? "" : `${path}: `;
  const missing = required.filter((key) => !Object.hasOwn(value, key));
  const unknown = Object.keys(value).filter(
    (key) => !required.includes(key) && !optional.includes(key),
  );
  return [
    ...missing.map((key) => `${at}lacks ${key}`),
    ...unknown.slice(0, 3).map((key) => `${at}has the unknown key ${shown(key)}`),
  ];
}

function shown(key: string): string {
  return JSON.stringify(key.length > 40 ? `${key.slice(0, 40)}…` : key).toWellFormed();
}
