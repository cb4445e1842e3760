/** One line that is redrawn on a terminal; elsewhere a plain line a change. */
export class ProgressLine {
  readonly #output: NodeJS.WriteStream;
  #last = "";

  constructor(output: NodeJS.WriteStream = process.stderr) {
    this.#output = output;
  }

  /**
   * Shows a text in place of the last one.
   *
   * @param ticking - What changes all the time, such as the seconds: no reason for a new line where lines are kept.
   */
  show(text: string, ticking = ""): void {
    if (this.#output.isTTY) this.#output.write(`\r\u001b[2K${text}${ticking}`);
    else if (text !== this.#last) this.#output.write(`${text}${ticking}\n`);
    this.#last = text;
  }

  /** Shows a text that is to stay. */
  say(text: string): void {
    this.show(text);
    this.done();
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
