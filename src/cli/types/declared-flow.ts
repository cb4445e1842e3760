import { UsageError } from "../exit-codes.ts";

/** An input or an output as a flow declares it. */
export interface Declared {
  readonly id: string;
  /** Kestra's name of the type, in capitals; empty where there is none. */
  readonly type: string;
  readonly itemType: string | undefined;
  readonly description: string | undefined;
  /** True where an execution may be without it. */
  readonly isOptional: boolean;
  /** What Kestra fills in, where it does. */
  readonly defaults: unknown;
  /** What may be chosen; `undefined` where the flow does not say, or lets anything else through as well. */
  readonly values: readonly string[] | undefined;
  readonly min: number | undefined;
  readonly max: number | undefined;
  /** The regular expression that Kestra checks it by. */
  readonly validator: string | undefined;
}

/** What of a flow its definition is made from. */
export interface DeclaredFlow {
  readonly id: string;
  readonly namespace: string | undefined;
  readonly description: string | undefined;
  readonly inputs: readonly Declared[];
  readonly outputs: readonly Declared[];
}

/**
 * Reads what a flow declares.
 *
 * @param where - What the text is, for the error.
 * @throws UsageError for a text that is no flow.
 */
export async function readDeclaredFlow(source: string, where: string): Promise<DeclaredFlow> {
  const { parseDocument } = await import("yaml");
  const document = parseDocument(source);
  const [error] = document.errors;
  if (error !== undefined) throw new UsageError(`${where} is no YAML: ${firstLine(error.message)}`);
  const flow = record(toPlain(document));
  if (typeof flow.id !== "string") {
    throw new UsageError(`${where} is no flow of Kestra: it has no id.`);
  }
  return {
    id: flow.id,
    namespace: text(flow.namespace),
    description: text(flow.description),
    inputs: declarations(flow.inputs, `${where}: inputs`, isOptionalInput),
    outputs: declarations(flow.outputs, `${where}: outputs`, ({ required }) => required === false),
  };
}

/** An alias that would fill the memory is a bad flow, and no fault of this program. */
function toPlain(document: { toJS(): unknown }): unknown {
  try {
    return document.toJS();
  } catch (error) {
    throw new UsageError(`The flow cannot be read: ${firstLine(String(error))}`);
  }
}

function declarations(
  value: unknown,
  where: string,
  isOptional: (declared: Record<string, unknown>) => boolean,
): Declared[] {
  if (value === undefined || value === null) return [];
  if (!Array.isArray(value)) throw new UsageError(`${where} are no list.`);
  const seen = new Set<string>();
  return value.map((item) => {
    const declared = record(item);
    // 1.3 still takes the older `name`.
    const id = text(declared.id) ?? text(declared.name);
    if (id === undefined) throw new UsageError(`${where} have one without an id.`);
    if (seen.has(id)) throw new UsageError(`${where} have ${JSON.stringify(id)} twice.`);
    seen.add(id);
    return {
      id,
      type: (text(declared.type) ?? "").toUpperCase(),
      itemType: text(declared.itemType)?.toUpperCase(),
      description: text(declared.description),
      isOptional: isOptional(declared),
      defaults: declared.defaults,
      values: choices(declared),
      min: number(declared.min),
      max: number(declared.max),
      validator: text(declared.validator),
    };
  });
}

/** An input that hangs on another one may not be asked for at all. */
function isOptionalInput({ required, defaults, dependsOn }: Record<string, unknown>): boolean {
  return required === false || (defaults !== undefined && defaults !== null) || dependsOn != null;
}

function choices({ values, allowCustomValue, options }: Record<string, unknown>) {
  const listed = values ?? options;
  if (allowCustomValue === true || !Array.isArray(listed) || listed.length === 0) return undefined;
  const named = listed.map((choice) => record(choice).value ?? choice);
  if (named.some((choice) => typeof choice === "object")) return undefined;
  return named.map(String);
}

function record(value: unknown): Record<string, unknown> {
  return typeof value === "object" && value !== null ? (value as Record<string, unknown>) : {};
}

function text(value: unknown): string | undefined {
  return typeof value === "string" && value !== "" ? value : undefined;
}

function number(value: unknown): number | undefined {
  return typeof value === "number" && Number.isFinite(value) ? value : undefined;
}

function firstLine(message: string): string {
  return message.split("\n")[0] ?? message;
}
