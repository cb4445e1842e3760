import fc from "fast-check";

/** The part of JSON Schema that the routes' bodies use. */
export interface JsonSchema {
  type?: string;
  enum?: string[];
  format?: string;
  minimum?: number;
  maximum?: number;
  maxLength?: number;
  maxItems?: number;
  items?: JsonSchema;
  properties?: Record<string, JsonSchema>;
  required?: string[];
}

/** Bodies that a schema takes. */
function goodValue(schema: JsonSchema): fc.Arbitrary<unknown> {
  const { type, minimum = 0, maximum = 1_000 } = schema;
  if (schema.enum !== undefined) return fc.constantFrom(...schema.enum);
  if (schema.format === "uuid") return fc.uuid();
  if (type === "integer") return fc.integer({ min: minimum, max: Math.min(maximum, 2 ** 31 - 1) });
  if (type === "number") return fc.double({ min: minimum, max: maximum, noNaN: true });
  if (type === "boolean") return fc.boolean();
  if (type === "string") return fc.constantFrom("AR-2025-0001", "0 */6 * * *");
  if (type === "array") {
    return fc.array(goodValue(schema.items ?? {}), { minLength: 1, maxLength: 3 });
  }
  const { properties = {}, required = [] } = schema;
  const parts = Object.fromEntries(
    Object.entries(properties).map(([name, part]) => [name, goodValue(part)]),
  );
  return fc.record(parts, { requiredKeys: required });
}

/** Bodies that are wrong in one place, or altogether. Some of them may happen to be right. */
export function badBody(schema: JsonSchema): fc.Arbitrary<unknown> {
  const good = goodValue(schema) as fc.Arbitrary<Record<string, unknown>>;
  const names = Object.keys(schema.properties ?? {});
  const spoilt = fc
    .tuple(good, fc.constantFrom(...names))
    .chain(([body, name]) =>
      spoil(schema.properties?.[name] ?? {}).map((value) => ({ ...body, [name]: value })),
    );
  const incomplete = fc
    .tuple(good, fc.constantFrom(...names))
    .map(([body, dropped]) =>
      Object.fromEntries(Object.entries(body).filter(([name]) => name !== dropped)),
    );
  const surplus = fc
    .tuple(good, strangeName(), fc.jsonValue({ maxDepth: 2 }))
    .map(([body, name, value]) => withOwn(body, name, value));
  return fc.oneof(
    { weight: 6, arbitrary: spoilt },
    { weight: 2, arbitrary: incomplete },
    { weight: 2, arbitrary: surplus },
    { weight: 2, arbitrary: fc.jsonValue({ maxDepth: 4 }) },
  );
}

function spoil(schema: JsonSchema): fc.Arbitrary<unknown> {
  const wrong: fc.Arbitrary<unknown>[] = [
    fc.jsonValue({ maxDepth: 2 }),
    fc.constantFrom(
      null,
      "",
      [],
      {},
      true,
      -1,
      0,
      1.5,
      1e308,
      2 ** 53,
      "0",
      "1",
      "\ud800",
      "{{ secret('X') }}",
    ),
  ];
  if (schema.minimum !== undefined) wrong.push(fc.constant(schema.minimum - 1));
  if (schema.maximum !== undefined) wrong.push(fc.constant(schema.maximum + 1));
  if (schema.enum !== undefined) {
    wrong.push(fc.constantFrom(...schema.enum).map((text) => `${text.toUpperCase()} `));
  }
  if (schema.format === "uuid") {
    wrong.push(
      fc.uuid().map((id) => id.slice(1)),
      fc.uuid().map((id) => `${id}0`),
      fc.uuid().map((id) => id.replace(/-/g, "")),
      fc.uuid().map((id) => `g${id.slice(1)}`),
      fc.uuid().map((id) => `${id}\n`),
      fc.uuid().map((id) => [id]),
    );
  }
  if (schema.maxLength !== undefined) wrong.push(fc.constant("x".repeat(schema.maxLength + 1)));
  if (schema.items !== undefined) {
    const { items, maxItems = 1_000 } = schema;
    wrong.push(
      spoil(items).map((item) => [item]),
      goodValue(items).map((item) => Array.from({ length: maxItems + 1 }, () => item)),
    );
  }
  const { properties = {} } = schema;
  for (const [name, part] of Object.entries(properties)) {
    wrong.push(
      fc
        .tuple(goodValue(schema), spoil(part))
        .map(([body, value]) => ({ ...(body as object), [name]: value })),
    );
  }
  return fc.oneof(...wrong);
}

function strangeName(): fc.Arbitrary<string> {
  return fc.oneof(
    fc.string(),
    fc.constantFrom(
      "__proto__",
      "constructor",
      "toString",
      "red_agent_id",
      "namespace",
      "labels",
      "",
    ),
  );
}

function withOwn(body: object, name: string, value: unknown): object {
  // A plain assignment of `__proto__` would set the prototype instead.
  return Object.defineProperty({ ...body }, name, {
    value,
    enumerable: true,
    configurable: true,
    writable: true,
  });
}
