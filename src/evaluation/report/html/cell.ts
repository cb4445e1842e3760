import { html, type Part, trusted } from "./html.ts";

/** Gives what a notebook's cell shows: no scripts, and nothing of the notebook around it is touched. */
export function renderCell(body: Part): string {
  return html`<section class="kestra-arena"><style>${trusted(style)}</style>
${body}
</section>`.text;
}

/**
 * Jupyter puts every cell of a table at the right and its caption in the middle, and shrinks a drawing until nothing is
 * seen of it. Where a notebook strips styles, nothing but looks is lost.
 */
const style = [
  ".kestra-arena :is(th,td):not(.n),.kestra-arena caption{text-align:left}",
  ".kestra-arena caption{font-weight:bold}",
  ".kestra-arena .n{white-space:nowrap;font-variant-numeric:tabular-nums}",
  ".kestra-arena .bar{min-width:100px;height:14px;vertical-align:middle}",
  ".kestra-arena .scroll{overflow-x:auto}",
].join("");
