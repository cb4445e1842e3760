import { PGlite } from "@electric-sql/pglite";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import {
  matchResultsSql,
  postgresStorage,
} from "../../../src/templates/add-ons/postgres-storage.ts";

let database: PGlite;

beforeAll(async () => {
  database = await PGlite.create();
}, 60_000);

afterAll(async () => {
  await database.close();
});

/** `character varying`: how Kestra's driver binds a text. */
const varchar = 1043;

/** As Kestra's Query task does it: every `:word` becomes the next parameter, bound as text; a missing one is null. */
async function runAsKestra(sql: string, parameters: Record<string, string>) {
  const bound: (string | null)[] = [];
  const statement = sql.replace(/:\w+/g, (word) => {
    bound.push(parameters[word.slice(1)] ?? null);
    return `$${bound.length}`;
  });
  return database.query(statement, bound, { paramTypes: bound.map(() => varchar) });
}

const { createSql, insertSql } = matchResultsSql("match_results");

const row = {
  match_id: "AR-2025-0001",
  execution_id: "exec1",
  match_status: "complete",
  winner: "red",
  metrics: '{"attacks":3,"note":"it\'s {{ not }} :a \\"template\\""}',
  transcript_file: "kestra:///a/b.json",
};

describe("the SQL of postgresStorage", () => {
  it("makes its table, and again when it is there", async () => {
    await runAsKestra(createSql, {});
    await runAsKestra(createSql, {});
  });

  it("writes a row, with what agents said bound and not run", async () => {
    await runAsKestra(insertSql, row);
    const { rows } = await database.query("SELECT * FROM match_results");
    expect(rows).toEqual([
      {
        ...row,
        metrics: { attacks: 3, note: 'it\'s {{ not }} :a "template"' },
        stored_at: expect.any(Date),
      },
    ]);
  });

  it("rewrites the row of a match that is stored again", async () => {
    await runAsKestra(insertSql, { ...row, winner: "draw", execution_id: "exec2" });
    const { rows } = await database.query("SELECT winner, execution_id FROM match_results");
    expect(rows).toEqual([{ winner: "draw", execution_id: "exec2" }]);
  });

  it("keeps what is not there as NULL", async () => {
    await runAsKestra(insertSql, { ...row, match_id: "AR-2", winner: "", transcript_file: "" });
    const { rows } = await database.query(
      "SELECT winner, transcript_file FROM match_results WHERE match_id = 'AR-2'",
    );
    expect(rows).toEqual([{ winner: null, transcript_file: null }]);
  });

  it("takes a table in a schema, and a word of SQL's own as a name", async () => {
    await database.exec("CREATE SCHEMA arena");
    const sql = matchResultsSql("arena.order");
    await runAsKestra(sql.createSql, {});
    await runAsKestra(sql.insertSql, row);
    const { rows } = await database.query('SELECT count(*)::int AS count FROM arena."order"');
    expect(rows).toEqual([{ count: 1 }]);
  });

  it("is one statement without a cast or a text that Kestra would take for a parameter", () => {
    const addOn = postgresStorage();
    const [sequence] = addOn.afterExecution ?? [];
    for (const task of sequence!.tasks as Record<string, unknown>[]) {
      const sql = String(task.sql);
      expect(sql).not.toContain(";");
      expect(sql).not.toContain("::");
      const words = new Set([...sql.matchAll(/:(\w+)/g)].map(([, word]) => word));
      expect(words).toEqual(new Set(Object.keys((task.parameters ?? {}) as object)));
    }
  });

  it.each(["results; DROP TABLE x", 'a"b', "A", "a.b.c", ""])(
    "refuses %j as a table: a name cannot be bound",
    (table) => {
      expect(() => postgresStorage({ table })).toThrow("table: must be a name");
    },
  );
});
