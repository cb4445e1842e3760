/** Markup that was built here, every text in it escaped. */
export class Markup {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }

  toString(): string {
    return this.text;
  }
}

/** What may stand in a template: markup as it is, lists joined, nothing for null and false; all else is escaped. */
export type Part = Markup | string | number | null | undefined | false | readonly Part[];

/** Builds markup from a template; whatever is put in is escaped unless it is markup itself. */
export function html(strings: TemplateStringsArray, ...parts: readonly Part[]): Markup {
  return new Markup(strings.reduce((text, string, i) => text + render(parts[i - 1]) + string));
}

/** Takes a text for markup. Only for what this package or a renderer that escapes has made. */
export function trusted(markup: string): Markup {
  return new Markup(markup);
}

/** Escapes a text for an element or a quoted attribute, and shows what is invisible in it. */
export function escapeHtml(text: string): string {
  return showInvisible(text).replace(/[&<>"'`]/g, (character) => `&#${character.charCodeAt(0)};`);
}

/**
 * Shows characters that are invisible, control something or turn the direction of text by their number, so
 * that nothing can hide or pose as something else.
 */
export function showInvisible(text: string): string {
  return text.toWellFormed().replace(INVISIBLE, (character) => {
    const code = character.codePointAt(0) as number;
    return `⟦U+${code.toString(16).toUpperCase().padStart(4, "0")}⟧`;
  });
}

/**
 * Controls but tab and line ends, format characters but those that join emoji, separators, variation
 * selectors that vary nothing, and a fourth mark and more on one letter, which would run over other lines.
 */
const INVISIBLE =
  /[^\P{Cc}\t\n\r]|(?!\u200D\p{Extended_Pictographic})\p{Cf}|\p{Zl}|\p{Zp}|(?<!\p{Emoji})\uFE0F|(?!\uFE0F)\p{Variation_Selector}|(?<=\p{M}{3})\p{M}/gu;

function render(part: Part): string {
  if (part === null || part === undefined || part === false) return "";
  if (part instanceof Markup) return part.text;
  if (typeof part === "string") return escapeHtml(part);
  if (typeof part === "number") return String(part);
  return part.map(render).join("");
}
