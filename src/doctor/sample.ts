/** The part of JSON Schema that the flows' inputs use. */
interface Schema {
  type?: string;
  enum?: unknown[];
  anyOf?: Schema[];
  minimum?: number;
  items?: Schema;
  minItems?: number;
  properties?: Record<string, Schema>;
  required?: string[];
}

/** A text that every input of type STRING takes: an agent's id. */
const anyId = "00000000-0000-4000-8000-000000000000";

/** The smallest value that a schema takes: what is required, and no more. */
export function sampleOf(schema: Schema): unknown {
  const { type, anyOf, items = {}, minItems = 0, properties = {}, required = [] } = schema;
  if (schema.enum !== undefined) return schema.enum[0];
  if (anyOf?.[0] !== undefined) return sampleOf(anyOf[0]);
  if (type === "object") {
    return Object.fromEntries(required.map((name) => [name, sampleOf(properties[name] ?? {})]));
  }
  if (type === "array") return Array.from({ length: Math.max(1, minItems) }, () => sampleOf(items));
  if (type === "integer" || type === "number") return Math.max(schema.minimum ?? 1, 1);
  return type === "boolean" ? true : anyId;
}
