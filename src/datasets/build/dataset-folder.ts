import { type DatasetFormat, fileNameOf } from "../files/format.ts";
import { assertWritable } from "../files/output-folder.ts";
import { PartialFile } from "../files/partial-file.ts";
import { openRowWriter, type RowWriter } from "../files/row-writer.ts";
import type { DatasetRow } from "../rows/row.ts";
import type { Side } from "../steps/split.ts";
import type { DatasetKind } from "../types.ts";
import type { ManifestFile } from "./manifest.ts";

interface FolderSettings {
  name: string;
  kind: DatasetKind;
  formats: readonly DatasetFormat[];
}

interface OpenWriter {
  side: Side;
  format: DatasetFormat;
  name: string;
  writer: RowWriter;
}

/** Where the files of one dataset go: all of them appear at the end, or none does. */
export class DatasetFolder {
  readonly #folder: string;
  readonly #settings: FolderSettings;
  readonly #writers: OpenWriter[] = [];
  readonly #files: PartialFile[] = [];

  constructor(folder: string, settings: FolderSettings) {
    this.#folder = folder;
    this.#settings = settings;
  }

  /** Makes the folder. @throws InputError when one of the files cannot or may not be replaced */
  async prepare(names: readonly string[], overwrite: boolean): Promise<void> {
    const { mkdir } = await import("node:fs/promises");
    await mkdir(this.#folder, { recursive: true });
    await assertWritable(await Promise.all(names.map((name) => this.path(name))), overwrite);
  }

  async path(name: string): Promise<string> {
    const { join } = await import("node:path");
    return join(this.#folder, name);
  }

  /** Writes a row to all files of its side; the first row opens them, so that there is no file without rows. */
  async write(side: Side, row: DatasetRow): Promise<void> {
    if (!this.#writers.some((open) => open.side === side)) await this.#open(side);
    for (const open of this.#writers) if (open.side === side) await open.writer.write(row);
  }

  /** Ends the files of rows. */
  async finishRows(): Promise<ManifestFile[]> {
    const files: ManifestFile[] = [];
    for (const { name, format, side, writer } of this.#writers) {
      files.push({ name, format, side, rows: writer.rows, ...(await writer.finish()) });
    }
    return files;
  }

  /** Writes a whole file. */
  async add(name: string, content: string): Promise<{ bytes: number; sha256: string }> {
    const file = await PartialFile.open(await this.path(name));
    this.#files.push(file);
    await file.write(content);
    return file.finish();
  }

  /** Lets all files appear, the one that was added last (the manifest) at the end. */
  async publish(): Promise<void> {
    for (const { writer } of this.#writers) await writer.publish();
    for (const file of this.#files) await file.publish();
  }

  /** Removes what did not appear. */
  async discard(): Promise<void> {
    for (const { writer } of this.#writers) await writer.discard();
    for (const file of this.#files) await file.discard();
  }

  async #open(side: Side): Promise<void> {
    const { name, kind, formats } = this.#settings;
    for (const format of formats) {
      const fileName = fileNameOf(name, side, format);
      const writer = await openRowWriter(await this.path(fileName), format, kind);
      this.#writers.push({ side, format, name: fileName, writer });
    }
  }
}
