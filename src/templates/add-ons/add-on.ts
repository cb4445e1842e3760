/** A task of a flow, as Kestra takes it. */
export interface FlowTask {
  /** Its id, once in the flow: letters, digits, dashes and underscores. */
  id: string;
  /** Its type, such as `io.kestra.plugin.core.log.Log`. */
  type: string;
  [property: string]: unknown;
}

/**
 * Tasks that are appended to a flow of the package. The core of the flow stays as it is; what an add-on adds stands at
 * the end of the block that it names.
 *
 * @example
 * ```ts
 * const audit: FlowAddOn = {
 *   name: "audit",
 *   flows: ["match-orchestration"],
 *   afterExecution: [
 *     { id: "audit_line", type: "io.kestra.plugin.core.log.Log", message: "{{ execution.id }} {{ execution.state }}" },
 *   ],
 * };
 * ```
 */
export interface FlowAddOn {
  /** What it is called in errors. */
  name: string;
  /** The flows that it can be added to. @default any */
  flows?: readonly string[] | undefined;
  /** Variables that its tasks read; a name that the flow has already is refused. */
  variables?: Readonly<Record<string, unknown>> | undefined;
  /** Appended to the flow's own tasks: they run when all went well, and a failure fails the execution. */
  tasks?: readonly FlowTask[] | undefined;
  /** Run when a task failed. */
  errors?: readonly FlowTask[] | undefined;
  /** Run at the end, however it went. */
  finally?: readonly FlowTask[] | undefined;
  /**
   * Run when the execution has ended. They see `execution.state` and the flow's outputs (`execution.outputs`), and
   * nothing that they do changes the execution's state: the place for alerts and exports.
   */
  afterExecution?: readonly FlowTask[] | undefined;
}

/** Where a flow finds a value that must not stand in it: in Kestra's secrets, or in its environment. */
export type ValueSource =
  | {
      /** The name of a secret of Kestra (`SECRET_<name>` of its environment on the open-source edition). */
      secret: string;
    }
  | {
      /** The name of a variable of Kestra's environment, without its prefix `ENV_`. Kestra's logs may show its value. */
      env: string;
    };

/** The blocks of a flow that an add-on can append to. */
export const addOnBlocks = ["tasks", "errors", "finally", "afterExecution"] as const;
