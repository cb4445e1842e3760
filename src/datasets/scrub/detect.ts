import { apiKeys } from "./api-keys.ts";
import { cards } from "./cards.ts";
import type { Detector, Finding, SyncDetector } from "./detector.ts";
import { emails } from "./emails.ts";
import { foldText, unfold } from "./fold.ts";
import { passwords } from "./passwords.ts";
import { phones } from "./phones.ts";
import { placeholder } from "./placeholder.ts";
import { privateKeys } from "./private-keys.ts";
import { randomTokens } from "./random-tokens.ts";
import { urlCredentials } from "./url-credentials.ts";

/** The package's own rules, in the order in which they name what two of them find. */
export const ownDetectors: readonly SyncDetector[] = [
  privateKeys,
  urlCredentials,
  emails,
  cards,
  apiKeys,
  passwords,
  phones,
  randomTokens,
];

/** What the detectors find in a text: merged where it overlaps, in order, and without placeholders. */
export async function detect(text: string, detectors: Iterable<Detector>): Promise<Finding[]> {
  const folded = foldText(text);
  const findings: Finding[] = [];
  for (const detector of detectors) findings.push(...(await detector.find(folded.text)));
  return settle(folded, findings, text);
}

/** What the package's own rules, or other ones that need no waiting, find in a text. */
export function detectSync(
  text: string,
  detectors: Iterable<SyncDetector> = ownDetectors,
): Finding[] {
  const folded = foldText(text);
  const findings: Finding[] = [];
  for (const detector of detectors) findings.push(...detector.find(folded.text));
  return settle(folded, findings, text);
}

function settle(
  folded: ReturnType<typeof foldText>,
  findings: readonly Finding[],
  original: string,
): Finding[] {
  if (findings.length === 0) return [];
  const placed = findings.map(({ start, end, type }) => ({
    ...unfold(folded, start, end),
    type,
  }));
  return withoutPlaceholders(merge(placed), original);
}

/** Overlapping findings as one, under the name that the earliest detector gave. */
function merge(findings: readonly Finding[]): Finding[] {
  const merged: (Finding & { order: number })[] = [];
  const ordered = findings.map((finding, order) => ({ ...finding, order }));
  for (const finding of ordered.toSorted((a, b) => a.start - b.start)) {
    const last = merged.at(-1);
    if (last === undefined || finding.start >= last.end) {
      merged.push(finding);
      continue;
    }
    last.end = Math.max(last.end, finding.end);
    if (finding.order < last.order) [last.order, last.type] = [finding.order, finding.type];
  }
  return merged.map(({ start, end, type }) => ({ start, end, type }));
}

/** `password: [PASSWORD_1]` holds nothing any more; what stands beside a placeholder is still found. */
function withoutPlaceholders(findings: readonly Finding[], text: string): Finding[] {
  if (!text.includes("[")) return [...findings];
  return findings.flatMap(({ start, end, type }) => {
    // The placeholder may begin before the finding and end after it.
    const from = Math.max(0, start - 60);
    const marks = [...text.slice(from, end + 60).matchAll(placeholder)].map((match) => ({
      start: from + match.index,
      end: from + match.index + match[0].length,
    }));
    const pieces: Finding[] = [];
    let at = start;
    for (const mark of marks) {
      if (mark.end <= at || mark.start >= end) continue;
      if (mark.start > at) pieces.push({ start: at, end: mark.start, type });
      at = Math.max(at, mark.end);
    }
    if (at < end) pieces.push({ start: at, end, type });
    const isWhole = pieces.length === 1 && pieces[0]?.start === start && pieces[0].end === end;
    return isWhole
      ? pieces
      : pieces.filter((piece) => /[\p{L}\p{N}]/u.test(text.slice(piece.start, piece.end)));
  });
}
