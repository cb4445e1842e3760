import type { Execution } from "../executions/execution.ts";
import type { StartOptions } from "../executions/start-options.ts";
import type { FlowDefinition } from "../flows/define-flow.ts";
import type { TemplateId } from "../flows/index.ts";
import type { KestraApi } from "../kestra/index.ts";

/** What all schedules of one client share. */
export interface ScheduleContext {
  kestra: KestraApi;
  /** The namespace of the flows. */
  namespace: string;
  /** Deploys flows, and those that they call, where they are missing. */
  deployMissing: (flowIds: readonly TemplateId[], signal: AbortSignal | undefined) => Promise<void>;
  /** Starts a flow. */
  start: <Input, Result>(
    flow: FlowDefinition<Input, Result>,
    input: Input,
    options: StartOptions,
  ) => Promise<Execution<Result>>;
}
