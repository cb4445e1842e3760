import type { Declared } from "./declared-flow.ts";

/** How a type of Kestra's is written in TypeScript. */
export interface Kind {
  readonly type: string;
  /** The zod schema that checks it. */
  readonly schema: string;
  /** What a reader should know of it. */
  readonly note?: string;
  /** What is sent for `value`. @default itself */
  readonly send?: (value: string) => string;
}

const text: Kind = { type: "string", schema: "z.string().min(1)" };
const yesOrNo: Kind = { type: "boolean", schema: "z.boolean()" };
const fileInStorage = "A file in Kestra's storage (`kestra:///…`): `execution.download` reads it.";

/** Every type of input that Kestra 1.3 and 2.x have. */
const inputKinds: Readonly<Record<string, (declared: Declared) => Kind>> = {
  STRING: () => text,
  SECRET: () => ({ ...text, note: "Kestra keeps it encrypted." }),
  EMAIL: () => ({ ...text, note: "An e-mail address." }),
  URI: () => ({ ...text, note: "A URI." }),
  YAML: () => ({ ...text, note: "A YAML text." }),
  INT: (declared) => ({ type: "number", schema: `z.int()${bounds(declared)}` }),
  FLOAT: (declared) => ({ type: "number", schema: `z.number()${bounds(declared)}` }),
  BOOL: () => yesOrNo,
  BOOLEAN: () => yesOrNo,
  SELECT: (declared) => choice(declared) ?? text,
  ENUM: (declared) => choice(declared) ?? text,
  MULTISELECT: (declared) => listOf(choice(declared) ?? text),
  DATETIME: () => ({
    type: "Date | string",
    schema: "z.union([z.date(), z.iso.datetime({ offset: true })])",
    note: "An instant; as a text in ISO 8601 with its zone.",
    send: (value) => `${value} instanceof Date ? ${value}.toISOString() : ${value}`,
  }),
  DATE: () => ({ type: "string", schema: "z.iso.date()", note: "A date, as in `2026-11-25`." }),
  TIME: () => ({ type: "string", schema: "z.iso.time()", note: "A time, as in `10:15:30`." }),
  DURATION: () => ({
    type: "string",
    schema: "z.iso.duration()",
    note: "A duration in ISO 8601, as in `PT10M`.",
  }),
  FILE: () => ({ type: "Blob", schema: "z.instanceof(Blob)", note: "A file." }),
  JSON: () => ({
    type: "Readonly<Record<string, unknown>> | readonly unknown[]",
    schema:
      "z.union([z.record(z.string(), z.unknown()).readonly(), z.array(z.unknown()).readonly()])",
  }),
  ARRAY: (declared) => listOf(itemKind(declared)),
};

/** How an input is written; a type that Kestra does not have today is sent as it is, and says so. */
export function inputKind(declared: Declared): Kind & { isKnown: boolean } {
  const kind = inputKinds[declared.type]?.(declared);
  if (kind !== undefined) return { ...kind, isKnown: true };
  return {
    type: "FlowInputValue",
    schema: "z.custom<FlowInputValue>((value) => value !== undefined && value !== null)",
    note: `${nameOf(declared)}, which kestra-arena does not know: sent as it is.`,
    isKnown: false,
  };
}

/** How an output is written; one of a type that Kestra does not have today is `unknown`, and says so. */
export function outputKind(declared: Declared): Kind & { isKnown: boolean } {
  const kind = outputKinds[declared.type];
  if (kind !== undefined) return { ...kind, isKnown: true };
  if (declared.type === "ARRAY") {
    const item = outputKinds[declared.itemType ?? ""] ?? anything;
    return { type: `${grouped(item.type)}[]`, schema: `z.array(${item.schema})`, isKnown: true };
  }
  const note = `${nameOf(declared)}, which kestra-arena does not know.`;
  return { ...anything, note, isKnown: false };
}

const anything: Kind = { type: "unknown", schema: "z.unknown()" };
const plainText: Kind = { type: "string", schema: "z.string()" };
const plainNumber: Kind = { type: "number", schema: "z.number()" };

const outputKinds: Readonly<Record<string, Kind>> = {
  STRING: plainText,
  SECRET: plainText,
  EMAIL: plainText,
  SELECT: plainText,
  ENUM: plainText,
  YAML: plainText,
  DATETIME: { ...plainText, note: "An instant in ISO 8601." },
  DATE: plainText,
  TIME: plainText,
  // Some flows give seconds, some ISO text: Kestra writes what it got.
  DURATION: { type: "string | number", schema: "z.union([z.string(), z.number()])" },
  URI: { ...plainText, note: fileInStorage },
  FILE: { ...plainText, note: fileInStorage },
  INT: plainNumber,
  FLOAT: plainNumber,
  BOOL: yesOrNo,
  BOOLEAN: yesOrNo,
  MULTISELECT: { type: "string[]", schema: "z.array(z.string())" },
  JSON: anything,
};

function itemKind({ itemType }: Declared): Kind {
  switch (itemType) {
    case undefined:
    case "JSON":
    case "ARRAY":
      return anything;
    case "INT":
      return { type: "number", schema: "z.int()" };
    case "FLOAT":
      return plainNumber;
    case "BOOL":
    case "BOOLEAN":
      return yesOrNo;
    default:
      return plainText;
  }
}

function listOf(item: Kind): Kind {
  return {
    type: `readonly ${grouped(item.type)}[]`,
    schema: `z.array(${item.schema}).readonly()`,
  };
}

function choice({ values }: Declared): Kind | undefined {
  if (values === undefined) return undefined;
  const literals = [...new Set(values)].map((value) => JSON.stringify(value));
  return { type: literals.join(" | "), schema: `z.enum([${literals.join(", ")}])` };
}

function bounds({ min, max }: Declared): string {
  return `${min === undefined ? "" : `.min(${min})`}${max === undefined ? "" : `.max(${max})`}`;
}

function grouped(type: string): string {
  return /[ |]/.test(type) ? `(${type})` : type;
}

function nameOf({ type }: Declared): string {
  return type === "" ? "Without a type" : `Kestra's type ${type}`;
}
