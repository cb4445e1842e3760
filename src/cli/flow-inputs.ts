import type { FlowDefinition } from "../flows/define-flow.ts";
import type { Cli } from "./cli.ts";
import { UsageError } from "./exit-codes.ts";
import { readJson } from "./read-files.ts";

/** Where a run's inputs come from. */
export interface InputOptions {
  /** `name=value` each. */
  input?: readonly string[];
  /** A file of JSON, or `-` for standard input. */
  file?: string;
}

/**
 * The inputs of a run: those of the file, then those of the command line, which win. A value that the flow wants as
 * text stays text; any other is read as JSON where it is JSON.
 *
 * @throws UsageError
 */
export async function readInputs(
  cli: Cli,
  flow: FlowDefinition<never, unknown>,
  { input = [], file }: InputOptions,
): Promise<Record<string, unknown>> {
  const inputs = file === undefined ? {} : await readInputsFile(cli, file);
  const { properties = {} } = flow.jsonSchemas().input as {
    properties?: Record<string, { type?: string }>;
  };
  for (const text of input) {
    const [, name, value] = /^([^=]+)=(.*)$/s.exec(text) ?? [];
    if (name === undefined || value === undefined) {
      throw new UsageError(`--input ${JSON.stringify(text)} is not name=value.`);
    }
    inputs[name] = properties[name]?.type === "string" ? value : readValue(value);
  }
  return inputs;
}

function readValue(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

async function readInputsFile(cli: Cli, file: string): Promise<Record<string, unknown>> {
  const value = await readJson(cli, file);
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    throw new UsageError(`${file} must hold one JSON object, the flow's inputs by name.`);
  }
  return { ...value };
}
