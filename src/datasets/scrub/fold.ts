/** A text as detectors read it, and where each of its characters stands in the original. */
export interface FoldedText {
  /** Without invisible characters; full-width letters, odd spaces and dashes as their ASCII relatives. */
  text: string;
  /** The place in the original of each code unit of `text`; absent when nothing was folded. */
  positions?: Uint32Array;
}

// A secret that is cut up by invisible characters, or written in full width, is still a secret.
const invisible = /[\u00AD\u180E\u200B-\u200F\u202A-\u202E\u2060-\u2064\u2066-\u206F\uFEFF]/;
const relatives = /[\u00A0\u2000-\u200A\u202F\u205F\u3000\u2010-\u2015\u2212\uFF01-\uFF5E]/;
const foldable = new RegExp(`${invisible.source}|${relatives.source}`);

/** Gives the text as a reader sees it, for detectors. */
export function foldText(text: string): FoldedText {
  if (!foldable.test(text)) return { text };
  const positions = new Uint32Array(text.length);
  const units: string[] = [];
  for (let index = 0; index < text.length; index += 1) {
    const unit = text.charAt(index);
    if (invisible.test(unit)) continue;
    positions[units.length] = index;
    units.push(relatives.test(unit) ? relativeOf(unit) : unit);
  }
  return { text: units.join(""), positions: positions.subarray(0, units.length) };
}

/** Where a stretch of the folded text stands in the original. */
export function unfold(
  { positions }: FoldedText,
  start: number,
  end: number,
): { start: number; end: number } {
  if (positions === undefined) return { start, end };
  return { start: positions[start] ?? 0, end: (positions[end - 1] ?? 0) + 1 };
}

function relativeOf(unit: string): string {
  const code = unit.charCodeAt(0);
  if (code >= 0xff01 && code <= 0xff5e) return String.fromCharCode(code - 0xfee0);
  const isDash = (code >= 0x2010 && code <= 0x2015) || code === 0x2212;
  return isDash ? "-" : " ";
}
