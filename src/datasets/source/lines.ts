/** A line of a file. */
export interface Line {
  /** 1 for the first. */
  number: number;
  /** Its text without the line break; absent when it is too long or not UTF-8. */
  text?: string;
  /** Why there is no text. */
  problem?: string;
}

/** A row of a dataset is some kilobytes; a longer line than this is no row, and is not kept in memory. */
const maxLineBytes = 32 * 1024 * 1024;

/** Takes a stream of UTF-8 apart at `\n` and `\r\n`. A byte order mark and empty lines are passed over. */
export async function* readLines(
  chunks: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
): AsyncGenerator<Line, void, undefined> {
  const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
  let number = 0;
  let parts: Uint8Array[] = [];
  let size = 0;

  function finish(last: Uint8Array): Line | undefined {
    const [before, length] = [parts, size + last.length];
    number += 1;
    parts = [];
    size = 0;
    if (length > maxLineBytes) return { number, problem: `is longer than ${maxLineBytes} bytes` };
    try {
      const text = withoutMark(decoder.decode(joined(before, last, length)), number);
      return text.trim() === "" ? undefined : { number, text: text.replace(/\r$/, "") };
    } catch {
      return { number, problem: "is not UTF-8" };
    }
  }

  for await (const chunk of chunks) {
    let from = 0;
    let at = chunk.indexOf(10);
    while (at !== -1) {
      const line = finish(chunk.subarray(from, at));
      if (line !== undefined) yield line;
      from = at + 1;
      at = chunk.indexOf(10, from);
    }
    const rest = chunk.subarray(from);
    size += rest.length;
    if (size <= maxLineBytes && rest.length > 0) parts.push(rest.slice());
    else if (size > maxLineBytes) parts = [];
  }
  if (size > 0) {
    const line = finish(new Uint8Array(0));
    if (line !== undefined) yield line;
  }
}

function withoutMark(text: string, number: number): string {
  return number === 1 && text.startsWith("\uFEFF") ? text.slice(1) : text;
}

function joined(parts: readonly Uint8Array[], last: Uint8Array, size: number): Uint8Array {
  if (parts.length === 0) return last;
  const bytes = new Uint8Array(size);
  let offset = 0;
  for (const part of [...parts, last]) {
    bytes.set(part, offset);
    offset += part.length;
  }
  return bytes;
}
