import { InputError } from "../../errors.ts";
import type { FlowAddOn, FlowTask, ValueSource } from "./add-on.ts";
import { runIf } from "./delivery.ts";
import { readSource } from "./value-source.ts";

/** Where {@link postgresStorage} writes. */
export interface PostgresStorageOptions {
  /** Where Kestra finds the JDBC URL, as in `jdbc:postgresql://host:5432/arena`. @default { secret: "POSTGRES_URL" } */
  url?: ValueSource | undefined;
  /** Where Kestra finds the user. @default { secret: "POSTGRES_USERNAME" } */
  username?: ValueSource | undefined;
  /** Where Kestra finds the password. @default { secret: "POSTGRES_PASSWORD" } */
  password?: ValueSource | undefined;
  /** The table, with its schema where it has one: lower-case letters, digits and underscores. @default "match_results" */
  table?: string | undefined;
  /** Makes the table when it is not there, which the user must then be allowed to. @default true */
  createTable?: boolean | undefined;
}

/**
 * Writes the result of each match to a table of PostgreSQL: a row a match, rewritten when it is stored again.
 *
 * It uses `io.kestra.plugin.jdbc.postgresql.Query`, a plugin that Kestra's full image has and its core has not. Values
 * are bound, never written into the SQL. A failure shows as an error in the execution's log and changes nothing else.
 *
 * @throws InputError for a name that is none.
 */
export function postgresStorage(options: PostgresStorageOptions = {}): FlowAddOn {
  const name = "postgres_storage";
  const { table = "match_results", createTable = true } = options;
  const connection = {
    url: readSource(name, "url", options.url ?? { secret: "POSTGRES_URL" }),
    username: readSource(name, "username", options.username ?? { secret: "POSTGRES_USERNAME" }),
    password: readSource(name, "password", options.password ?? { secret: "POSTGRES_PASSWORD" }),
  };
  const { createSql, insertSql } = matchResultsSql(table);
  const query = (id: string, description: string, rest: Record<string, unknown>): FlowTask => ({
    id,
    description,
    type: "io.kestra.plugin.jdbc.postgresql.Query",
    ...connection,
    ...rest,
    allowFailure: true,
  });
  const create = query(`${name}_table`, "Makes the table when it is not there.", {
    sql: createSql,
  });
  const insert = query(`${name}_row`, "Writes the match's row.", { sql: insertSql, parameters });
  return {
    name,
    flows: ["match-orchestration"],
    afterExecution: [
      {
        id: name,
        description:
          "Writes the match's result to PostgreSQL. Whatever comes of it changes nothing else.",
        type: "io.kestra.plugin.core.flow.Sequential",
        ...runIf(name, "success"),
        tasks: createTable ? [create, insert] : [insert],
      },
    ],
  };
}

/**
 * The SQL for a table. Kestra's task takes one statement, takes every `:word` for a parameter (so `CAST`, not `::`), and
 * binds every value as text.
 *
 * @throws InputError for a table's name that is none: a name cannot be bound.
 */
export function matchResultsSql(table: string): { createSql: string; insertSql: string } {
  if (!/^[a-z_][a-z0-9_]{0,62}(\.[a-z_][a-z0-9_]{0,62})?$/.test(table)) {
    const message =
      "must be a name, or a schema and a name: lower-case letters, digits, underscores";
    throw new InputError("Add-on postgres_storage", [{ path: ["table"], message }]);
  }
  // Quoted, so that a word of SQL's own can be a name.
  const quoted = table.replace(/[^.]+/g, '"$&"');
  const createSql = `CREATE TABLE IF NOT EXISTS ${quoted} (
  match_id text PRIMARY KEY,
  execution_id text NOT NULL,
  match_status text NOT NULL,
  winner text,
  metrics jsonb NOT NULL,
  transcript_file text,
  stored_at timestamptz NOT NULL DEFAULT now()
)
`;
  const insertSql = `INSERT INTO ${quoted} (match_id, execution_id, match_status, winner, metrics, transcript_file)
VALUES (:match_id, :execution_id, :match_status, NULLIF(:winner, ''), CAST(:metrics AS jsonb), NULLIF(:transcript_file, ''))
ON CONFLICT (match_id) DO UPDATE SET
  execution_id = EXCLUDED.execution_id,
  match_status = EXCLUDED.match_status,
  winner = EXCLUDED.winner,
  metrics = EXCLUDED.metrics,
  transcript_file = EXCLUDED.transcript_file,
  stored_at = now()
`;
  return { createSql, insertSql };
}

const parameters = {
  match_id: "{{ execution.outputs.match_id }}",
  execution_id: "{{ execution.id }}",
  match_status: "{{ execution.outputs.match_status }}",
  winner: "{{ execution.outputs.winner ?? '' }}",
  metrics: "{{ execution.outputs.metrics | toJson }}",
  transcript_file: "{{ execution.outputs.transcript_file ?? '' }}",
};
