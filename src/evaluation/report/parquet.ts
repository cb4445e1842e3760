import { loadOptional } from "../../optional-package.ts";
import type { EvaluationRow } from "../rows.ts";
import { matchColumns } from "./match-table.ts";

/**
 * Gives a Parquet file of one row a match, with a fixed schema: a batch without a single result has the same
 * columns of the same types as a full one.
 *
 * @throws ConfigError when `hyparquet-writer` is not installed.
 */
export async function renderParquet(rows: readonly EvaluationRow[]): Promise<Uint8Array> {
  const { parquetWriteBuffer } = await loadOptional(
    () => import("hyparquet-writer"),
    "hyparquet-writer",
    "A Parquet report",
  );
  const buffer = parquetWriteBuffer({
    columnData: matchColumns.map(({ name, type, value }) => ({
      name,
      type,
      nullable: true,
      data: rows.map(value),
    })),
  });
  return new Uint8Array(buffer);
}
