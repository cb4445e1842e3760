import * as z from "zod";
import { type CallOptions, callOptions } from "./call.ts";
import type { Connection } from "./connection.ts";
import type { LogLevel } from "./dialect.ts";
import { logEntrySchema } from "./schemas.ts";
import { segment } from "./url.ts";

/** A line of an execution's log. */
export interface LogEntry {
  /** When, as an ISO instant. */
  timestamp: string;
  /** How grave. */
  level: string;
  /** The text. */
  message: string;
  /** The task that wrote it. */
  taskId?: string | undefined;
  /** That task's run. */
  taskRunId?: string | undefined;
  /** The execution. */
  executionId?: string | undefined;
  /** Which attempt, from 0. */
  attemptNumber?: number | undefined;
}

/** Which lines of a log. */
export interface LogFilter {
  /** These and graver ones. @default all */
  minLevel?: LogLevel | undefined;
  /** Of this task alone. @default all */
  taskId?: string | undefined;
}

/** Kestra's log routes. */
export class LogsApi {
  readonly #connection: Connection;

  constructor(connection: Connection) {
    this.#connection = connection;
  }

  /** An execution's log so far, oldest first; `[]` for an unknown execution. */
  async get(
    executionId: string,
    { minLevel, taskId, ...options }: LogFilter & CallOptions = {},
  ): Promise<LogEntry[]> {
    const { transport } = this.#connection;
    const dialect = await this.#connection.dialect(options.signal);
    const entries = await transport.json(
      {
        method: "GET",
        path: `logs/${segment(executionId)}`,
        query: dialect.logFilters({ minLevel, taskId }),
        ...callOptions(options),
      },
      z.array(logEntrySchema()),
    );
    // A task may have logged what it was given.
    return entries.map((entry) => ({ ...entry, message: transport.redact(entry.message) }));
  }
}
