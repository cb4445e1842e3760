import type { SyncDetector } from "./detector.ts";

// RFC 5321: 64 characters before the @, 63 a label, 253 in all. Letters of any script are allowed today.
const localCharacter = /[\p{L}\p{N}._%+'!#$&*/=?^`{|}~-]/u;
const domain = /[\p{L}\p{N}-]{1,63}(?:\.[\p{L}\p{N}-]{1,63}){1,8}/uy;
const maxLocal = 64;

/** Finds e-mail addresses: what stands around each `@`. */
export const emails: SyncDetector = {
  name: "emails",
  *find(text) {
    for (let at = text.indexOf("@"); at !== -1; at = text.indexOf("@", at + 1)) {
      const start = localStart(text, at);
      const end = domainEnd(text, at + 1);
      if (start < at && end !== undefined) yield { start, end, type: "EMAIL" };
    }
  },
};

function localStart(text: string, at: number): number {
  let start = at;
  while (start > 0 && at - start < maxLocal && localCharacter.test(text.charAt(start - 1))) {
    start -= 1;
  }
  // A sentence's own punctuation is no part of an address.
  while (start < at && /[^\p{L}\p{N}_]/u.test(text.charAt(start))) start += 1;
  return start;
}

function domainEnd(text: string, start: number): number | undefined {
  domain.lastIndex = start;
  const match = domain.exec(text)?.[0];
  if (match === undefined) return undefined;
  const topLevel = match.slice(match.lastIndexOf(".") + 1);
  // The top level of a domain is never a number; `@1.2` is no address.
  return /^\p{L}[\p{L}\p{N}-]+$/u.test(topLevel) ? start + match.length : undefined;
}
