/**
 * The three-way agreement: what the SDK checks (zod), what the package's YAML declares, and what stands in Kestra. An
 * input that one of the three has otherwise is dropped by Kestra without a word, or refused too late.
 */
import type { FlowDefinition } from "../flows/define-flow.ts";
import { canonical, type FlowMeaning, isMap, textOf } from "./meaning.ts";

/** An input or an output, as a flow declares it. */
type Declaration = Readonly<Record<string, unknown>>;

/** What a flow's inputs and outputs have to be alike in; the rest is for people to read. */
const inputKeys = ["type", "itemType", "values", "min", "max", "required", "defaults"] as const;
const outputKeys = ["type"] as const;

/**
 * Where a flow's inputs and outputs differ from the package's own text, in words. A further input is fine as long as a
 * start without it works; a further output always is.
 */
export function findDeclarationProblems(own: FlowMeaning, deployed: FlowMeaning): string[] {
  const inputs = declarations(deployed.inputs);
  const known = declarations(own.inputs);
  const outputs = declarations(deployed.outputs);
  return [
    ...[...known].flatMap(([id, input]) => compare("input", id, input, inputs.get(id), inputKeys)),
    ...[...declarations(own.outputs)].flatMap(([id, output]) =>
      compare("output", id, output, outputs.get(id), outputKeys),
    ),
    ...[...inputs]
      .filter(([id, input]) => !known.has(id) && isNeeded(input))
      .map(([id]) => `input ${id}: is required, and the package does not know it`),
  ];
}

/** Where a flow's inputs and outputs differ from what the SDK checks, in words. */
export function findSchemaProblems(
  definition: Pick<FlowDefinition<never, unknown>, "jsonSchemas">,
  flow: FlowMeaning,
): string[] {
  const { input, output } = definition.jsonSchemas();
  const inputs = declarations(flow.inputs);
  const outputs = declarations(flow.outputs);
  const isRequired = requiredNames(input);
  const outputIsRequired = requiredNames(output);
  return [
    ...properties(input).flatMap(([name, schema]) => {
      const id = inputIdOf(name, [...inputs.keys()]);
      const declared = id === undefined ? undefined : inputs.get(id);
      return id === undefined || declared === undefined
        ? []
        : inputProblems(id, declared, schema, isRequired.has(name));
    }),
    ...properties(output).flatMap(([id, schema]) => {
      const declared = outputs.get(id);
      if (declared === undefined) {
        return outputIsRequired.has(id) ? [`output ${id}: is missing, and the SDK needs it`] : [];
      }
      return fits(declared, schema) ? [] : [`output ${id}: ${typeProblem(declared, schema)}`];
    }),
  ];
}

/**
 * The input that a property of the SDK is sent as: `maxRounds` as `max_rounds`, `mode` as `match_mode`. `undefined` where
 * that cannot be told, as for a property that becomes two inputs.
 */
export function inputIdOf(property: string, ids: readonly string[]): string | undefined {
  const name = property.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
  if (ids.includes(name)) return name;
  const [only, ...others] = ids.filter((id) => id.endsWith(`_${name}`));
  return others.length === 0 ? only : undefined;
}

function compare(
  kind: string,
  id: string,
  own: Declaration,
  deployed: Declaration | undefined,
  keys: readonly string[],
): string[] {
  if (deployed === undefined) return [`${kind} ${id}: is missing`];
  return keys
    .filter((key) => canonical(normal(key, own[key])) !== canonical(normal(key, deployed[key])))
    .map(
      (key) =>
        `${kind} ${id}: ${key} is ${say(deployed[key])}, and ${say(own[key])} in the package`,
    );
}

function inputProblems(id: string, declared: Declaration, schema: Declaration, required: boolean) {
  const problems: string[] = [];
  if (!fits(declared, schema)) problems.push(typeProblem(declared, schema));
  if (isNeeded(declared) && !required) problems.push("is required, and optional in the SDK");
  if (!isNeeded(declared) && required) problems.push("is optional, and required in the SDK");
  for (const [key, bound] of [
    ["min", "minimum"],
    ["max", "maximum"],
  ] as const) {
    const sdk = schema[bound] === 2_147_483_647 ? undefined : schema[bound];
    if (typeof declared[key] === "number" && sdk !== undefined && declared[key] !== sdk) {
      problems.push(`${key} is ${say(declared[key])}, and ${say(sdk)} in the SDK`);
    }
  }
  if (Array.isArray(schema.enum) && Array.isArray(declared.values)) {
    const missing = schema.enum.filter((value) => !(declared.values as unknown[]).includes(value));
    if (missing.length > 0) problems.push(`does not take ${missing.map(say).join(", ")}`);
  }
  return problems.map((problem) => `input ${id}: ${problem}`);
}

/** Which types of JSON Schema a value of Kestra's type can be; a type that is not here can be anything. */
const jsonTypes: Readonly<Record<string, readonly string[]>> = {
  STRING: ["string"],
  SELECT: ["string"],
  EMAIL: ["string"],
  URI: ["string"],
  DATETIME: ["string"],
  DATE: ["string"],
  TIME: ["string"],
  DURATION: ["string"],
  INT: ["integer", "number"],
  FLOAT: ["number", "integer"],
  BOOL: ["boolean"],
  ARRAY: ["array"],
  MULTISELECT: ["array"],
};

function fits(declared: Declaration, schema: Declaration): boolean {
  const allowed = jsonTypes[textOf(declared.type)];
  const types = typesOf(schema);
  return (
    allowed === undefined || types.length === 0 || types.some((type) => allowed.includes(type))
  );
}

function typesOf(schema: Declaration): string[] {
  if (Array.isArray(schema.anyOf)) {
    const each = schema.anyOf.map((option) => typesOf(option as Declaration));
    return each.some((types) => types.length === 0) ? [] : each.flat();
  }
  const { type } = schema;
  return (Array.isArray(type) ? type : type === undefined ? [] : [type]).map(String);
}

function typeProblem(declared: Declaration, schema: Declaration): string {
  return `type is ${say(declared.type)}, and ${typesOf(schema).join(" or ")} in the SDK`;
}

function properties(schema: Declaration): [string, Declaration][] {
  return isMap(schema.properties)
    ? (Object.entries(schema.properties) as [string, Declaration][])
    : [];
}

function requiredNames(schema: Declaration): Set<string> {
  return new Set(Array.isArray(schema.required) ? schema.required.map(String) : []);
}

function declarations(value: unknown): Map<string, Declaration> {
  const items = Array.isArray(value) ? value.filter(isMap) : [];
  return new Map(items.map((item) => [textOf(item.id), item]));
}

function isNeeded(input: Declaration): boolean {
  return input.required !== false && input.defaults === undefined;
}

/** What is left out is Kestra's own default. */
function normal(key: string, value: unknown): unknown {
  return key === "required" ? (value ?? true) : value;
}

function say(value: unknown): string {
  return value === undefined ? "not set" : (JSON.stringify(value) ?? String(value));
}
