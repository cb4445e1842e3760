import { clip } from "../format.ts";
import type { Table } from "../text-table.ts";
import { html, type Markup, type Part } from "./html.ts";

/** Options of {@link renderTable}. */
export interface TableOptions {
  /** A last column, a cell a row, such as a bar; it repeats what the row says, so it is hidden from readers. */
  graphic?: { head: string; cells: readonly Part[] };
}

/** Renders a table with a caption; the first text column heads its row. */
export function renderTable(table: Table, { graphic }: TableOptions = {}): Markup {
  const { columns, rows, title, note } = table;
  const headIndex = columns.findIndex(({ align }) => align !== "right");
  return html`<div class="scroll" role="region" aria-label="${title}" tabindex="0"><table>
<caption>${title}</caption>
<thead><tr>${columns.map(
    ({ head, align }) => html`<th scope="col"${align === "right" && html` class="n"`}>${head}</th>`,
  )}${graphic && html`<th scope="col" class="g">${graphic.head}</th>`}</tr></thead>
<tbody>${rows.map(
    (row, index) => html`<tr>${row.map((cell, i) =>
      i === headIndex
        ? html`<th scope="row">${clip(cell, 300)}</th>`
        : html`<td${columns[i]?.align === "right" && html` class="n"`}>${clip(cell, 300)}</td>`,
    )}${graphic && html`<td class="g">${graphic.cells[index]}</td>`}</tr>
`,
  )}</tbody></table></div>${note && html`<p class="note">${note}</p>`}`;
}
