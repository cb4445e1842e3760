import { findPattern, type SyncDetector } from "./detector.ts";

const words =
  "password|passwd|passphrase|passcode|passwort|kennwort|contraseña|mot de passe|senha|wachtwoord|hasło|пароль|密码|パスワード|(?<!\\p{L})(?:pass|pwd)";
// A quoted value ends at its quote; another one at the next space.
const assigned = new RegExp(
  `(?:${words})["'\`]?[ \\t]{0,3}(?:=>|[:=：])[ \\t]{0,3}(?:"([^"\\n]{1,200})"|'([^'\\n]{1,200})'|([^\\s"'\`]{1,200}))`,
  "dgiu",
);
const stated = new RegExp(
  `(?:${words})[ ](?:is|was|lautet|ist|es|est)[ ]["'\`]?([^\\s"'\`]{4,200})`,
  "dgiu",
);
const trailing = /[,.;)\]}]+$/;

/** Finds passwords by the word before them: `password: …`, `"pwd": "…"`, `password is …`. */
export const passwords: SyncDetector = {
  name: "passwords",
  *find(text) {
    yield* findPattern(text, assigned, "PASSWORD", (match) => valuePart(match, text));
    yield* findPattern(text, stated, "PASSWORD", (match) => {
      const part = valuePart(match, text);
      // "The password is required" tells nothing; what has a digit or an odd sign does.
      const value = part === undefined ? "" : text.slice(part.start, part.end);
      return /[\d!#$%&*+=?@^_~]/.test(value) ? part : undefined;
    });
  },
};

function valuePart(
  match: RegExpExecArray,
  text: string,
): { start: number; end: number } | undefined {
  const span = match.indices?.slice(1).find((part) => part !== undefined);
  if (span === undefined) return undefined;
  const [start, end] = span;
  const value = text.slice(start, end).replace(trailing, "");
  return value === "" ? undefined : { start, end: start + value.length };
}
