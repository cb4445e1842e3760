/** A table of cells; numbers stand at the right of their column. */
export interface Table {
  title: string;
  columns: readonly Column[];
  rows: readonly (readonly string[])[];
  /** Stands under the table. */
  note?: string;
}

/** A column's head and where its cells stand. */
interface Column {
  head: string;
  align?: "left" | "right";
}

/** Draws a table with aligned columns for a terminal; nothing in a cell can control the terminal. */
export function renderTextTable({ title, columns, rows, note }: Table): string {
  const cells = [columns.map(({ head }) => head), ...rows.map((row) => row.map(plain))];
  const widths = columns.map((_, i) => Math.max(...cells.map((row) => displayWidth(row[i] ?? ""))));
  const line = (row: readonly string[]) =>
    columns
      .map(({ align }, i) => pad(row[i] ?? "", widths[i] as number, align ?? "left"))
      .join("  ")
      .trimEnd();
  const rule = widths.map((width) => "─".repeat(width)).join("──");
  const [head, ...body] = cells.map(line);
  const lines = [title, rule, head, rule, ...body];
  return [...lines, ...(note ? [note] : [])].join("\n");
}

/** Replaces what could move the cursor, change colours or reorder the line. */
export function plain(text: string): string {
  return text.replace(UNSAFE, "�");
}

/** Control characters, and the marks that change the direction of text. */
const UNSAFE = /\p{Cc}|\p{Cf}|\p{Zl}|\p{Zp}/gu;

/** How many columns a terminal gives to the text. */
function displayWidth(text: string): number {
  let width = 0;
  for (const character of text) width += WIDE.test(character) ? 2 : NARROW.test(character) ? 0 : 1;
  return width;
}

const WIDE =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\p{Emoji_Presentation}\uff01-\uff60]/u;
const NARROW = /[\p{Mn}\p{Me}]/u;

function pad(text: string, width: number, align: "left" | "right"): string {
  const fill = " ".repeat(Math.max(0, width - displayWidth(text)));
  return align === "left" ? text + fill : fill + text;
}
