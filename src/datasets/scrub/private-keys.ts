import type { SyncDetector } from "./detector.ts";

const header = /-----BEGIN [A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)?-----/g;
const footer = "-----END ";
/** A key without its last line is cut off here: the longest RSA keys in use are shorter. */
const longest = 20_000;

/** Finds private keys in PEM form, also when their end is missing. */
export const privateKeys: SyncDetector = {
  name: "private-keys",
  *find(text) {
    let from = 0;
    for (const match of text.matchAll(header)) {
      if (match.index < from) continue;
      const limit = Math.min(text.length, match.index + longest);
      const window = text.slice(match.index + match[0].length, limit);
      const closing = window.indexOf(footer);
      const bodyEnd = match.index + match[0].length + (closing === -1 ? window.length : closing);
      const lineEnd = text.slice(bodyEnd, bodyEnd + 80).search(/-----(?:\s|$)/);
      from = closing === -1 || lineEnd === -1 ? bodyEnd : bodyEnd + lineEnd + 5;
      yield { start: match.index, end: from, type: "PRIVATE_KEY" };
    }
  },
};
