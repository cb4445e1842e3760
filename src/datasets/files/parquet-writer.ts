import { loadOptional } from "../../optional-package.ts";
import type { DatasetRow } from "../rows/row.ts";
import type { DatasetKind } from "../types.ts";
import { columnNames, parquetSchemas } from "./parquet-schema.ts";
import type { PartialFile } from "./partial-file.ts";
import type { RowEncoder } from "./row-writer.ts";

/** Rows a row group: what is kept in memory. */
const groupRows = 1000;

/** Writes rows as Parquet, group by group. @throws ConfigError when `hyparquet-writer` is not installed */
export async function createParquetWriter(
  file: PartialFile,
  kind: DatasetKind,
): Promise<RowEncoder> {
  const { ByteWriter, ParquetWriter } = await loadOptional(
    () => import("hyparquet-writer"),
    "hyparquet-writer",
    "A Parquet dataset",
  );
  const bytes = new ByteWriter();
  const parquet = new ParquetWriter({
    writer: bytes,
    schema: [...parquetSchemas[kind]],
    createdBy: "kestra-arena",
  });
  const names = columnNames(kind);
  let group: Record<string, unknown>[] = [];

  async function drain(): Promise<void> {
    await file.write(new Uint8Array(bytes.buffer, 0, bytes.index).slice());
    bytes.index = 0;
  }

  async function writeGroup(): Promise<void> {
    if (group.length === 0) return;
    const rows = group;
    group = [];
    await parquet.write({
      columnData: names.map((name) => ({ name, data: rows.map((row) => row[name]) })),
      rowGroupSize: groupRows,
    });
    await drain();
  }

  return {
    async row(row) {
      group.push(columnsOf(row));
      if (group.length >= groupRows) await writeGroup();
    },
    async end() {
      await writeGroup();
      await parquet.finish();
      await drain();
    },
  };
}

function columnsOf({ metadata, ...columns }: DatasetRow): Record<string, unknown> {
  return { ...columns, metadata: metadata === undefined ? undefined : JSON.stringify(metadata) };
}
