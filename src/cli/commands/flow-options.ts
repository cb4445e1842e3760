import { type Command, Option } from "commander";
import type { FlowSetOptions } from "../../index.ts";
import { collect, collectPairs } from "../option-parsers.ts";

/** The options of the commands that work on the package's flows. */
export interface FlowCommandOptions {
  only?: string[];
  var?: Record<string, string>;
}

/** Adds them to a command. */
export function withFlowOptions(command: Command): Command {
  return command
    .addOption(
      new Option(
        "--only <flow>",
        "this flow and those that it calls; may be given many times",
      ).argParser(collect),
    )
    .addOption(
      new Option(
        "--var <name=value>",
        "a knob of the flows' variables; may be given many times",
      ).argParser(collectPairs),
    );
}

/** What the library takes for them; it names the flows and knobs that exist when one does not. */
export function flowSetOf({ only, var: variables }: FlowCommandOptions): FlowSetOptions {
  return {
    ...(only !== undefined && { only: only as NonNullable<FlowSetOptions["only"]> }),
    ...(variables !== undefined && { variables }),
  };
}
