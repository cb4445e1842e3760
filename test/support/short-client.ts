import { createContext } from "../../src/executions/create-context.ts";
import type { Execution } from "../../src/executions/execution.ts";
import { ExecutionsClient } from "../../src/executions/executions-client.ts";
import { createHandle } from "../../src/executions/progress.ts";
import { startExecution } from "../../src/executions/start.ts";
import type { StartOptions } from "../../src/executions/start-options.ts";
import { defaultTimings } from "../../src/executions/timings.ts";
import type { FlowDefinition } from "../../src/flows/define-flow.ts";
import type { ArenaWarning } from "../../src/index.ts";
import type { KestraLine } from "../../src/kestra/dialect.ts";
import { KestraApi } from "../../src/kestra/index.ts";
import type { KestraExecution } from "../../src/kestra/schemas.ts";

/** The client's own parts with times a tenth as long: for tests on real sockets, whose clock cannot be moved. */
export function shortClient(url: string, line: KestraLine) {
  const warnings: ArenaWarning[] = [];
  const warn = (warning: ArenaWarning) => warnings.push(warning);
  const kestra = new KestraApi({
    url,
    tenant: "main",
    line,
    authorization: undefined,
    secrets: [],
    headers: {},
    retries: 3,
    requestTimeoutMs: 5_000,
    fetch: undefined,
    hooks: undefined,
    tracer: undefined,
    onServer: () => {},
  });
  const settings = {
    tenant: "main",
    namespace: "test",
    labels: {},
    requestTimeoutMs: 5_000,
    tickMs: 100,
    maxStreams: 32,
  };
  const context = createContext(kestra, settings, warn, {
    ...defaultTimings,
    firstFrameMs: 500,
    stallMs: 1_000,
    reconnectMs: 25,
    secondLookMs: 20,
    lookTimeoutMs: 1_000,
    maxPauseMs: 500,
    visibilityWindowMs: 100,
    yieldPatienceMs: 500,
    lookUpMs: 800,
  });
  const start = async <Input, Result>(
    flow: FlowDefinition<Input, Result>,
    input: Input,
    options: StartOptions = {},
  ): Promise<Execution<Result>> => {
    const handle = (execution: KestraExecution, started: "new" | "existing" = "existing") =>
      createHandle(context, flow, { ...execution, execution, started, onDispose: "detach" });
    const { execution, started } = await startExecution(context, flow, input, options, handle);
    return handle(execution, started);
  };
  return { start, executions: new ExecutionsClient(context), kestra, warnings };
}
