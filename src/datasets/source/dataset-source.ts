import { DatasetError, InputError, type InputIssue } from "../../errors.ts";
import { readParquetValues } from "../files/parquet-reader.ts";
import type { ArenaExportRow, DatasetEvent, DatasetTranscript, TrainingRow } from "../types.ts";
import { readLines } from "./lines.ts";
import { readItem, type SourceItem } from "./read-item.ts";

/** What a dataset can be built from, piece by piece. */
export type SourceValue = DatasetEvent | DatasetTranscript | ArenaExportRow | TrainingRow;

/** Files with events, transcripts or rows, as JSON, JSON lines or Parquet. */
export interface DatasetFiles {
  /** Paths, read one after the other. */
  files: readonly (string | URL)[];
}

/** The result of `generateDataset` with a way to its file, such as `execution.download`. */
export interface DatasetDownload {
  /** The file in Kestra's storage (`kestra:///…`). */
  datasetFile: string;
  /** Gives the file: a response, a stream, or its bytes piece by piece. */
  download(uri: string): Promise<DownloadedFile> | DownloadedFile;
}

/** A file on its way. */
export type DownloadedFile = Response | AsyncIterable<Uint8Array> | Iterable<Uint8Array>;

/** Where a dataset's events come from. */
export type DatasetSource =
  | AsyncIterable<SourceValue>
  | Iterable<SourceValue>
  | DatasetFiles
  | DatasetDownload;

/**
 * Reads a source piece by piece. What is no event becomes an `unreadable` item, so that nothing is lost uncounted.
 *
 * @throws InputError for something that is no source; DatasetError for a download that was answered by an error;
 * whatever the file system or the download throws.
 */
export async function* readSource(
  source: DatasetSource,
): AsyncGenerator<SourceItem, void, undefined> {
  if (typeof source !== "object" || source === null) throw noSource();
  if ("files" in source) {
    if (!Array.isArray(source.files)) throw noSource(["files"], "must be a list of paths");
    for (const path of source.files) yield* readBytes(await openFile(path));
  } else if ("download" in source) {
    if (typeof source.datasetFile !== "string") throw noSource(["datasetFile"], "must be a URI");
    yield* readBytes(await bytesOf(await source.download(source.datasetFile)));
  } else if (Symbol.asyncIterator in source || Symbol.iterator in source) {
    for await (const value of source) yield* readItem(value);
  } else {
    throw noSource();
  }
}

async function openFile(path: string | URL): Promise<AsyncIterable<Uint8Array>> {
  const { createReadStream } = await import("node:fs");
  return createReadStream(path);
}

async function bytesOf(file: DownloadedFile): Promise<Chunks> {
  if (!("body" in file)) return file;
  if (!file.ok) {
    await file.body?.cancel();
    throw new DatasetError(`The dataset's file was not downloaded: the answer is ${file.status}.`);
  }
  return (file.body as AsyncIterable<Uint8Array> | null) ?? [];
}

async function* readBytes(chunks: Chunks): AsyncGenerator<SourceItem, void, undefined> {
  const [first, all] = await peek(chunks);
  if (isParquet(first)) {
    for await (const value of readParquetValues(await collect(all))) yield* readItem(value);
    return;
  }
  let isFirst = true;
  let unfinished: string[] | undefined;
  for await (const line of readLines(all)) {
    const value = unfinished === undefined ? parse(line.text) : undefined;
    // A first line that is no value by itself begins a JSON document of many lines.
    if (isFirst && value === undefined && line.text !== undefined) unfinished = [];
    isFirst = false;
    if (unfinished !== undefined) unfinished.push(line.text ?? "");
    else if (value === undefined) yield { kind: "unreadable" };
    else yield* readDocument(value.value);
  }
  if (unfinished === undefined) return;
  const document = parse(unfinished.join("\n"));
  if (document !== undefined) yield* readDocument(document.value);
  // Neither a document nor a first line of one: what parses line by line is read so.
  else for (const text of unfinished) yield* readLine(text);
}

function* readLine(text: string): Generator<SourceItem, void, undefined> {
  const value = parse(text);
  if (value === undefined) yield { kind: "unreadable" };
  else yield* readDocument(value.value);
}

/** A list of pieces, an object that holds one (`dataset`, `transcripts`), or one piece. */
function* readDocument(value: unknown): Generator<SourceItem, void, undefined> {
  const list = listIn(value);
  if (list === undefined) yield* readItem(value);
  else for (const piece of list) yield* readItem(piece);
}

function listIn(value: unknown): readonly unknown[] | undefined {
  if (Array.isArray(value)) return value;
  if (typeof value !== "object" || value === null || "events" in value) return undefined;
  for (const name of ["dataset", "transcripts", "matches", "rows"]) {
    const list = (value as Record<string, unknown>)[name];
    if (Array.isArray(list)) return list;
  }
  return undefined;
}

function parse(text: string | undefined): { value: unknown } | undefined {
  if (text === undefined) return undefined;
  try {
    return { value: JSON.parse(text) };
  } catch {
    return undefined;
  }
}

type Chunks = AsyncIterable<Uint8Array> | Iterable<Uint8Array>;

async function peek(chunks: Chunks): Promise<[Uint8Array, AsyncIterable<Uint8Array>]> {
  const iterator =
    Symbol.asyncIterator in chunks ? chunks[Symbol.asyncIterator]() : chunks[Symbol.iterator]();
  const first = await iterator.next();
  async function* all(): AsyncGenerator<Uint8Array, void, undefined> {
    try {
      for (let next = first; next.done !== true; next = await iterator.next()) yield next.value;
    } finally {
      await iterator.return?.();
    }
  }
  return [first.done === true ? new Uint8Array(0) : first.value, all()];
}

function isParquet(bytes: Uint8Array): boolean {
  return [..."PAR1"].every((letter, index) => bytes[index] === letter.charCodeAt(0));
}

async function collect(chunks: AsyncIterable<Uint8Array>): Promise<ArrayBuffer> {
  const parts: Uint8Array<ArrayBuffer>[] = [];
  for await (const chunk of chunks) parts.push(chunk.slice());
  return new Blob(parts).arrayBuffer();
}

function noSource(path: InputIssue["path"] = [], message?: string): InputError {
  return new InputError("Source of a dataset", [
    {
      path,
      message:
        message ??
        "must be a list or an async iterable of events or transcripts, { files }, or { datasetFile, download }",
    },
  ]);
}
