import { findPattern, type SyncDetector, wholeMatch } from "./detector.ts";

/**
 * What keys look like by those who give them out. All lengths are bounded and all prefixes fixed, and none begins in
 * the middle of a word: so no stretch of text is looked at more than a few times.
 */
const formats = [
  // OpenAI, Anthropic, OpenRouter, Stripe and the many who copied their style
  /(?:sk|pk|rk)[-_][A-Za-z0-9_-]{16,240}/gi,
  // AWS key ids, also a part of one
  /(?:AKIA|ASIA|ABIA|ACCA|AGPA|AIDA|AROA|ANPA|ANVA)[A-Z0-9]{12,28}/g,
  // GitHub, GitLab, npm, PyPI, Hugging Face
  /gh[pousr]_[A-Za-z0-9]{20,255}/gi,
  /github_pat_[A-Za-z0-9_]{20,255}/gi,
  /glpat-[A-Za-z0-9_-]{16,64}/gi,
  /npm_[A-Za-z0-9]{30,50}/gi,
  /pypi-[A-Za-z0-9_-]{16,240}/gi,
  /hf_[A-Za-z0-9]{20,60}/gi,
  // Slack, SendGrid, Shopify, DigitalOcean, webhooks
  /xox[a-z]-[A-Za-z0-9-]{10,240}/gi,
  /xapp-[A-Za-z0-9-]{10,240}/gi,
  /SG\.[A-Za-z0-9_-]{16,64}\.[A-Za-z0-9_-]{16,64}/g,
  /shp(?:at|ca|pa|ss)_[A-Fa-f0-9]{32}/gi,
  /dop_v1_[a-f0-9]{64}/gi,
  /whsec_[A-Za-z0-9+/=]{16,120}/gi,
  // Google, age, JSON web tokens
  /AIza[A-Za-z0-9_-]{30,50}/g,
  /ya29\.[A-Za-z0-9_-]{20,240}/g,
  /AGE-SECRET-KEY-1[A-Z0-9]{40,70}/gi,
  /eyJ[A-Za-z0-9_-]{8,2000}\.[A-Za-z0-9_-]{8,4000}(?:\.[A-Za-z0-9_-]{0,1000})?/g,
];
const vendors = formats.map(({ source, flags }) => new RegExp(`(?<![A-Za-z0-9])${source}`, flags));
/** Of capitals and digits alone, so that one in thirty has no digit; in its full length no word looks like it. */
const awsKeyId =
  /(?<![A-Za-z0-9])(?:AKIA|ASIA|ABIA|ACCA|AGPA|AIDA|AROA|ANPA|ANVA)[A-Z2-7]{16}(?![A-Za-z0-9])/g;
const named =
  /(?:api[ _-]?key|access[ _-]?key|secret[ _-]?key|client[ _-]?secret|secret|token|authorization|bearer)\b["']?[ \t]{0,3}(?:is|=>|[:=])?[ \t]{0,3}(?:bearer[ ]|basic[ ])?["'`]?([A-Za-z0-9_+/.~=-]{8,400})/dgi;

/** Finds API keys and tokens: by the vendors' formats, and after words such as `api_key=` or `Bearer`. */
export const apiKeys: SyncDetector = {
  name: "api-keys",
  *find(text) {
    for (const pattern of vendors) {
      yield* findPattern(text, pattern, "API_KEY", (match) =>
        looksRandom(match[0]) ? wholeMatch(match) : undefined,
      );
    }
    yield* findPattern(text, awsKeyId, "API_KEY");
    yield* findPattern(text, named, "API_KEY", (match) => {
      const [start, end] = match.indices?.[1] ?? [0, 0];
      const value = text.slice(start, end).replace(/[.=-]+$/, "");
      return looksRandom(value) ? { start, end: start + value.length } : undefined;
    });
  },
};

/** A key has a digit, or upper and lower case in the middle of it; `sk-this-is-a-hyphenated-word` has not. */
function looksRandom(value: string): boolean {
  return value.length >= 8 && (/\d/.test(value) || /[a-z][A-Z]/.test(value));
}
