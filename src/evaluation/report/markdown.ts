import type { Analysis } from "../analysis/analysis.ts";
import type { Comparison } from "../comparison/comparison.ts";
import {
  attackTypeDifferenceTable,
  cellDifferenceTable,
  comparisonHeadline,
  comparisonRemarks,
} from "./comparison-tables.ts";
import { remarks } from "./remarks.ts";
import { attackTypeTable, cellTable, missingTable, sideTable, surpriseTable } from "./tables.ts";
import { headline } from "./terminal.ts";
import { plain, type Table } from "./text-table.ts";

/** Gives an analysis as Markdown, with a comparison if there is one. No text in it becomes markup. */
export function renderMarkdown(analysis: Analysis, comparison?: Comparison): string {
  const tables = [
    sideTable(analysis, "red"),
    sideTable(analysis, "blue"),
    sideTable(analysis, "target"),
    attackTypeTable(analysis),
    cellTable(analysis),
    surpriseTable(analysis),
    missingTable(analysis, 100),
  ];
  const parts = [
    "# Arena evaluation",
    escapeMarkdown(headline(analysis)),
    ...remarks(analysis).map((remark) => `> ${escapeMarkdown(remark)}`),
    ...tables.filter(({ rows }) => rows.length > 0).map(renderTable),
    ...(comparison ? comparisonParts(comparison) : []),
  ];
  return `${parts.join("\n\n")}\n`;
}

function comparisonParts(comparison: Comparison): string[] {
  const tables = [attackTypeDifferenceTable(comparison), cellDifferenceTable(comparison)];
  return [
    "# Compared with the baseline",
    escapeMarkdown(comparisonHeadline(comparison)),
    ...comparisonRemarks(comparison).map((remark) => `> ${escapeMarkdown(remark)}`),
    ...tables.filter(({ rows }) => rows.length > 0).map(renderTable),
  ];
}

function renderTable({ title, columns, rows, note }: Table): string {
  const line = (cells: readonly string[]) => `| ${cells.map(escapeMarkdown).join(" | ")} |`;
  return [
    `## ${escapeMarkdown(title)}`,
    "",
    line(columns.map(({ head }) => head)),
    `| ${columns.map(({ align }) => (align === "right" ? "---:" : "---")).join(" | ")} |`,
    ...rows.map(line),
    ...(note ? ["", escapeMarkdown(note)] : []),
  ].join("\n");
}

/** Names and reasons are not ours: whatever Markdown or HTML they hold must show as text. */
function escapeMarkdown(text: string): string {
  return plain(text.replace(/\s+/g, " ")).replace(/[\\`*_[\]<>#|~&@]|:(?=\/\/)/g, "\\$&");
}
