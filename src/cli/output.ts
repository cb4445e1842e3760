import { stripVTControlCharacters, styleText } from "node:util";

/** Where text goes: the process's own streams fit. */
export interface OutputStream {
  write(text: string): unknown;
  readonly isTTY?: boolean | undefined;
}

type Style = Parameters<typeof styleText>[0];

/**
 * The one place that writes: results to stdout, everything else to stderr, so that stdout can be read by a program. Texts
 * of matches are attack texts, so nothing in them may steer a terminal.
 */
export class Output {
  readonly #stdout: OutputStream;
  readonly #stderr: OutputStream;
  #progress = "";
  /** True with `--json`: stdout holds JSON and nothing else. */
  isJson = false;

  constructor(stdout: OutputStream, stderr: OutputStream) {
    this.#stdout = stdout;
    this.#stderr = stderr;
  }

  /** True when a person reads what goes to stdout. */
  get isTerminal(): boolean {
    return this.#stdout.isTTY === true;
  }

  /** The result: JSON with `--json`, else a text for people. */
  result(value: unknown, text: string): void {
    this.#endProgress();
    const shown = this.isJson ? JSON.stringify(value, undefined, 2) : text;
    if (shown !== "") this.#stdout.write(`${shown}\n`);
  }

  /** One of many results: a line of JSON with `--json`, else a line for people. */
  line(value: unknown, text: string): void {
    this.#endProgress();
    this.#stdout.write(`${this.isJson ? JSON.stringify(value) : text}\n`);
  }

  /** A remark, to stderr. */
  note(text: string): void {
    this.#endProgress();
    this.#stderr.write(`${text}\n`);
  }

  /** How far it is, to stderr: one line that is redrawn on a terminal, a line a change elsewhere. */
  progress(text: string, ticking = ""): void {
    if (this.#stderr.isTTY === true) {
      this.#stderr.write(`\r\u001b[2K${text}${ticking}`);
    } else if (text !== this.#progress) {
      this.#stderr.write(`${text}${ticking}\n`);
    }
    this.#progress = text;
  }

  /** Colours a text where a person reads it; honours NO_COLOR. */
  style(style: Style, text: string): string {
    return this.isTerminal && !this.isJson && process.env.NO_COLOR === undefined
      ? styleText(style, text, { validateStream: false })
      : text;
  }

  #endProgress(): void {
    if (this.#progress !== "" && this.#stderr.isTTY === true) this.#stderr.write("\n");
    this.#progress = "";
  }
}

/** A text of somebody else's on one line, without anything that steers a terminal or turns the direction of writing. */
export function plain(text: string): string {
  return stripVTControlCharacters(text)
    .replace(/\s+/g, " ")
    .replace(/\p{Cc}|\p{Bidi_Control}/gu, "�");
}

/** Columns, as wide as what is in them; the last one is not filled up. */
export function table(rows: readonly (readonly string[])[]): string {
  const widths: number[] = [];
  for (const row of rows) {
    for (const [index, cell] of row.entries()) {
      widths[index] = Math.max(widths[index] ?? 0, cell.length);
    }
  }
  return rows
    .map((row) =>
      row
        .map((cell, index) => cell.padEnd(widths[index] ?? 0))
        .join("  ")
        .trimEnd(),
    )
    .join("\n");
}
