import * as z from "zod";
import { zodIssues } from "../errors/zod-issues.ts";
import { InputError, type InputIssue } from "../errors.ts";

/** What a multipart part can hold, before it is turned into text: the inputs of a flow, by their names in the YAML. */
export type FlowInputValue =
  | string
  | number
  | boolean
  | Blob
  | readonly unknown[]
  | { readonly [key: string]: unknown };

/** Checked, wire-ready inputs of a flow: the YAML's names, values of JSON's types, or a `Blob` for a FILE input. */
export type FlowInputs = Readonly<Record<string, FlowInputValue>>;

/** What {@link FlowDefinition.complete} may use of the execution that it completes. */
export interface CompletionTools {
  /** Reads a file of Kestra's internal storage (`kestra:///…`) as text. */
  readText(uri: string): Promise<string>;
}

/** A value read from a flow's answer, or the reasons why the answer does not fit. */
export type Parsed<Value> = { result: Value } | { issues: readonly InputIssue[] };

/** An execution that another one started, as far as {@link FlowDefinition.progress} needs it. */
export interface ProgressRow {
  /** Its present state. */
  readonly state: { readonly current: string; readonly startDate?: string | undefined };
  /** Its inputs, by their names in the YAML. */
  readonly inputs?: Readonly<Record<string, unknown>> | undefined;
}

/** What {@link FlowDefinition.progress} may use of the execution that it looks at. */
export interface ProgressTools {
  /** The execution's id. */
  readonly executionId: string;
  /** Its labels. */
  readonly labels: Readonly<Record<string, string>>;
  /** Its inputs, by their names in the YAML. */
  readonly inputs: Readonly<Record<string, unknown>>;
  /** Lists executions of its namespace. */
  list(filter: { flowId: string; labels: Record<string, string> }): AsyncIterable<ProgressRow>;
}

/** How a flow is started and how its outputs are read: one way for the package's flows and for the user's own. */
export interface FlowDefinition<Input, Result, Progress = never> {
  /** The flow's id in Kestra. */
  readonly id: string;
  /** The flow's namespace, when it is not the client's. */
  readonly namespace: string | undefined;
  /** What the flow does, in a sentence. */
  readonly description: string;
  /**
   * Checks an input and turns it into what is sent, without a client.
   *
   * @throws {@link InputError} with every problem and its path.
   */
  build(input: Input): FlowInputs;
  /**
   * Reads the flow's outputs.
   *
   * @returns The result, or the issues why the outputs do not fit.
   */
  parse(outputs: unknown): Parsed<Result>;
  /** Adds to a parsed result what its outputs only point at, such as rows in a file. */
  complete(result: Result, tools: CompletionTools): Promise<Parsed<Result>>;
  /** Tells how far an execution is, where that can be told. */
  readonly progress?: ((tools: ProgressTools) => Promise<Progress>) | undefined;
  /** What is checked, as JSON Schemas: to hold it against a deployed flow. */
  jsonSchemas(): FlowJsonSchemas;
}

/** What a flow's definition checks. What JSON Schema has no words for, such as a date, is left open. */
export interface FlowJsonSchemas {
  /** The input, by its names in TypeScript. */
  input: Readonly<Record<string, unknown>>;
  /** The outputs, by their names in the YAML. */
  output: Readonly<Record<string, unknown>>;
}

/** What {@link defineFlow} needs. */
export interface FlowOptions<Input, Checked, Wire, Result, Progress = never> {
  /** The flow's id in Kestra. */
  id: string;
  /** The flow's namespace. @default the client's */
  namespace?: string;
  /** What the flow does, in a sentence. */
  description?: string;
  /** Makes the schema of the input; called once, at the first use. */
  input: () => z.ZodType<Checked, Input>;
  /** Turns a checked input into the flow's own names. `undefined` is left out. */
  toInputs: (input: Checked) => Readonly<Record<string, FlowInputValue | undefined>>;
  /** Makes the schema of the outputs; called once, at the first use. */
  output: () => z.ZodType<Result, Wire>;
  /** Adds to a parsed result what its outputs only point at. */
  complete?: (result: Result, tools: CompletionTools) => Promise<Parsed<Result>>;
  /** Tells how far an execution is; the handle has `progress()` then. */
  progress?: (tools: ProgressTools) => Promise<Progress>;
}

/**
 * Describes a Kestra flow so that `client.start(flow, input)` checks its input and types its result.
 *
 * @example
 * ```ts
 * const greet = defineFlow({
 *   id: "greet",
 *   input: () => z.strictObject({ who: z.string().min(1) }),
 *   toInputs: ({ who }) => ({ who }),
 *   output: () => z.object({ greeting: z.string() }),
 * });
 * ```
 */
export function defineFlow<Input, Checked, Wire, Result, Progress = never>(
  options: FlowOptions<Input, Checked, Wire, Result, Progress>,
): FlowDefinition<Input, Result, Progress> {
  const { id, namespace, description = "", toInputs, complete, progress } = options;
  return {
    id,
    namespace,
    description,
    build(input) {
      const parsed = options.input().safeParse(input);
      if (!parsed.success) throw new InputError(`Input of ${id}`, zodIssues(parsed.error));
      return withoutUndefined(id, toInputs(parsed.data));
    },
    parse(outputs) {
      const parsed = options.output().safeParse(outputs);
      return parsed.success ? { result: parsed.data } : { issues: zodIssues(parsed.error) };
    },
    complete: async (result, tools) =>
      complete === undefined ? { result } : complete(result, tools),
    progress,
    jsonSchemas: () => ({
      input: toJsonSchema(options.input()),
      output: toJsonSchema(options.output()),
    }),
  };
}

function toJsonSchema(schema: z.ZodType): Readonly<Record<string, unknown>> {
  return z.toJSONSchema(schema, { io: "input", unrepresentable: "any" });
}

function withoutUndefined(
  flowId: string,
  inputs: Readonly<Record<string, FlowInputValue | undefined>>,
): FlowInputs {
  const kept: Record<string, FlowInputValue> = {};
  for (const [name, value] of Object.entries(inputs)) {
    if (value === undefined) continue;
    // Kestra turns an empty text part into null without a word.
    if (value === "") {
      const message = "must not be empty: Kestra would take it as not given";
      throw new InputError(`Input of ${flowId}`, [{ path: [name], message }]);
    }
    kept[name] = value;
  }
  return kept;
}
