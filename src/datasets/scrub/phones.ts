import { findPattern, firstGroup, type SyncDetector, wholeMatch } from "./detector.ts";

const international = /(?<!\d)(?:\+|00)[ ]?[1-9](?:[ ()./-]{0,3}\d){6,14}/g;
const northAmerican = /(?<!\d)\(?[2-9]\d{2}\)?[ .-]{1,2}[2-9]\d{2}[ .-]\d{4}(?!\d)/g;
const withTrunkZero =
  /(?<![\p{L}\d.,-])\(?0\d{1,5}\)?[ /-]{1,3}\d{2,8}(?:[ -]\d{2,6}){0,3}(?!\d)/gu;
const announced =
  /\b(?:call|phone|tel|telephone|mobile|cell|fax|sms|text|whatsapp|ring|telefon|handy|téléphone|teléfono)\b[^\d\n]{0,24}?(\d(?:[ ()./-]{0,2}\d){6,14})(?!\d)/dgi;

/** Finds telephone numbers: with a `+` or `00`, in the North American way, with a trunk zero, or announced by a word. */
export const phones: SyncDetector = {
  name: "phones",
  *find(text) {
    yield* findPattern(text, international, "PHONE");
    yield* findPattern(text, northAmerican, "PHONE");
    yield* findPattern(text, withTrunkZero, "PHONE", (match) => {
      const digits = match[0].replaceAll(/\D/g, "").length;
      return digits >= 8 && digits <= 15 ? wholeMatch(match) : undefined;
    });
    yield* findPattern(text, announced, "PHONE", firstGroup);
  },
};
