import type { Declared, DeclaredFlow } from "./declared-flow.ts";
import { inputKind, type Kind, outputKind } from "./kinds.ts";

/** The first words of every file that is made, by which one is known that may be made anew. */
export const madeBy = "// Made by kestra-arena types";

/** How a definition is written. */
export interface DefinitionOptions {
  /** Where the flow was read from, for the first line. */
  readonly from: string;
  /** Leaves the namespace to the client. */
  readonly isAnywhere: boolean;
}

/** A definition of a flow, and what of it could not be told. */
export interface WrittenDefinition {
  readonly code: string;
  /** Inputs and outputs of types that are not known. */
  readonly unknown: readonly string[];
}

interface Property {
  readonly declared: Declared;
  readonly kind: Kind & { isKnown: boolean };
}

/** Writes a typed definition of a flow. */
export function writeDefinition(
  flow: DeclaredFlow,
  { from, isAnywhere }: DefinitionOptions,
): WrittenDefinition {
  const inputs = flow.inputs.map((declared) => ({ declared, kind: inputKind(declared) }));
  const outputs = flow.outputs.map((declared) => ({ declared, kind: outputKind(declared) }));
  const { name, typeName } = namesOf(flow.id);
  const types = ["defineFlow", "type FlowDefinition"];
  if (inputs.some(({ kind }) => kind.type === "FlowInputValue")) types.push("type FlowInputValue");
  const code = [
    `${madeBy} ${oneLine(from)}; make it anew when the flow changes.`,
    `import { ${types.join(", ")} } from "kestra-arena";`,
    'import * as z from "zod";',
    "",
    ...comment([`The inputs of \`${flow.id}\`, by their names in the YAML.`]),
    ...interfaceOf(`${typeName}Input`, inputs),
    "",
    ...comment([`The outputs of \`${flow.id}\`, by their names in the YAML.`]),
    ...interfaceOf(`${typeName}Result`, outputs),
    "",
    ...comment([`\`${flow.id}\`: \`client.start(${name}, input)\`.`, flow.description]),
    `export const ${name}: FlowDefinition<${typeName}Input, ${typeName}Result> = defineFlow({`,
    `  id: ${JSON.stringify(flow.id)},`,
    ...(flow.namespace === undefined || isAnywhere
      ? []
      : [`  namespace: ${JSON.stringify(flow.namespace)},`]),
    ...(flow.description === undefined
      ? []
      : [`  description: ${JSON.stringify(oneLine(flow.description))},`]),
    ...objectOf("input", "z.strictObject", inputs, optionalInput),
    ...sent(inputs),
    ...objectOf("output", "z.object", outputs, optionalOutput),
    "});",
    "",
  ].join("\n");
  const unknown = [...inputs, ...outputs].filter(({ kind }) => !kind.isKnown);
  return { code, unknown: unknown.map(({ declared }) => declared.id) };
}

function interfaceOf(name: string, properties: readonly Property[]): string[] {
  if (properties.length === 0) return [`export type ${name} = Record<string, never>;`];
  const lines = properties.flatMap(({ declared, kind }) => [
    ...comment(
      [
        declared.description,
        kind.note,
        declared.validator && `Kestra checks it by \`${declared.validator}\`.`,
        declared.defaults != null && `@default ${JSON.stringify(declared.defaults)}`,
      ],
      "  ",
    ),
    declared.isOptional
      ? `  ${key(declared.id)}?: ${kind.type} | undefined;`
      : `  ${key(declared.id)}: ${kind.type};`,
  ]);
  return [`export interface ${name} {`, ...lines, "}"];
}

function objectOf(
  name: string,
  make: string,
  properties: readonly Property[],
  optional: (schema: string) => string,
): string[] {
  if (properties.length === 0) {
    // An object without keys takes what it does not know, as `{}` would in a type.
    return [`  ${name}: () => z.record(z.string(), z.never()),`];
  }
  const lines = properties.map(({ declared, kind }) => {
    const schema = declared.isOptional ? optional(kind.schema) : kind.schema;
    return `      ${key(declared.id)}: ${schema},`;
  });
  return [`  ${name}: () =>`, `    ${make}({`, ...lines, "    }),"];
}

const optionalInput = (schema: string) => `${schema}.optional()`;
/** Kestra drops nulls from outputs, or writes them. */
const optionalOutput = (schema: string) =>
  `${schema}.nullish().transform((value) => value ?? undefined)`;

function sent(inputs: readonly Property[]): string[] {
  if (inputs.every(({ kind }) => kind.send === undefined)) return ["  toInputs: (input) => input,"];
  const lines = inputs.flatMap(({ declared: { id }, kind: { send } }) => {
    return send === undefined ? [] : [`    ${key(id)}: ${send(access("input", id))},`];
  });
  return ["  toInputs: (input) => ({", "    ...input,", ...lines, "  }),"];
}

/** Names that the language keeps for itself, or that would hide what is imported. */
const taken = new Set(
  "await break case catch class const continue debugger default defineFlow delete do else enum eval export extends false finally for function if implements import in instanceof interface let new null package private protected public return static super switch this throw true try typeof undefined var void while with yield z arguments Blob Date".split(
    " ",
  ),
);

function namesOf(flowId: string): { name: string; typeName: string } {
  const words = flowId.split(/[^A-Za-z0-9]+/).filter((word) => word !== "");
  const pascal = words.map((word) => `${word[0]?.toUpperCase()}${word.slice(1)}`).join("");
  const camel = `${pascal.slice(0, 1).toLowerCase()}${pascal.slice(1)}`;
  const isName = /^[A-Za-z]/.test(camel);
  return {
    name: isName && !taken.has(camel) ? camel : `flow${pascal}`,
    typeName: isName ? pascal : `Flow${pascal}`,
  };
}

function key(id: string): string {
  return /^[A-Za-z_$][\w$]*$/.test(id) ? id : JSON.stringify(id);
}

function access(object: string, id: string): string {
  return key(id) === id ? `${object}.${id}` : `${object}[${key(id)}]`;
}

function comment(parts: readonly (string | false | undefined)[], indent = ""): string[] {
  const lines = parts
    .filter((part) => typeof part === "string")
    .flatMap((part) => part.trim().split(/[\r\n\u2028\u2029]+/))
    // A description must not end the comment, nor bring a tag of its own.
    .map((line) => line.trim().replaceAll("*/", "*\\/"));
  if (lines.length === 0) return [];
  if (lines.length === 1) return [`${indent}/** ${lines[0]} */`];
  return [`${indent}/**`, ...lines.map((line) => `${indent} * ${line}`.trimEnd()), `${indent} */`];
}

function oneLine(text: string): string {
  return text.trim().replaceAll(/\s+/g, " ");
}
