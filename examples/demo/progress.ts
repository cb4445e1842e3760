/** One line that is redrawn on a terminal; elsewhere a plain line a change. */
export class ProgressLine {
  readonly #output: NodeJS.WriteStream;
  #last = "";

  constructor(output: NodeJS.WriteStream = process.stderr) {
    this.#output = output;
  }

  /** Shows a text in place of the last one. */
  show(text: string): void {
    if (text === this.#last) return;
    this.#last = text;
    if (this.#output.isTTY) this.#output.write(`\r\u001b[2K${text}`);
    else this.#output.write(`${text}\n`);
  }

  /** Leaves the last text standing. */
  done(): void {
    if (this.#output.isTTY && this.#last !== "") this.#output.write("\n");
    this.#last = "";
  }
}

/** `██████░░░░ 22/36`, for a terminal of any width. */
export function bar(done: number, total: number, width = 24): string {
  const filled = total === 0 ? 0 : Math.round((done / total) * width);
  return `${"█".repeat(filled)}${"░".repeat(width - filled)} ${done}/${total}`;
}
