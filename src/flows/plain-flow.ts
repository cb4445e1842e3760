import * as z from "zod";
import { lazy } from "../lazy.ts";
import { defineFlow, type FlowDefinition, type FlowInputValue } from "./define-flow.ts";

/** The inputs or the outputs of a flow of which only the id is known. */
export type PlainValues = Record<string, unknown>;

const anything = lazy(() => z.record(z.string(), z.unknown()));

/** A flow of which only the id is known: its inputs go through as they are, and its outputs come back so. */
export function plainFlow(
  id: string,
  namespace?: string,
): FlowDefinition<PlainValues, PlainValues> {
  return defineFlow<PlainValues, PlainValues, PlainValues, PlainValues>({
    id,
    ...(namespace !== undefined && { namespace }),
    input: anything,
    // What cannot be sent is refused where the inputs are encoded.
    toInputs: (inputs) => inputs as Readonly<Record<string, FlowInputValue | undefined>>,
    output: anything,
  });
}
