/** Takes credentials out of a text. */
export type Redact = (text: string) => string;

/**
 * A server or a proxy may echo what it was sent, so every text that came from outside goes through this before it
 * becomes part of an error or a log line. Always before it is cut: half a secret would not be known again.
 */
export function createRedactor(secrets: readonly string[]): Redact {
  const known = [...new Set(secrets.filter(isCredential).flatMap(spellings))]
    // The longest first, so that no part of it is left over.
    .sort((first, second) => second.length - first.length);
  return (text) => {
    let redacted = text;
    for (const secret of known) redacted = redacted.replaceAll(secret, "[redacted]");
    return redacted
      .replace(/\b(Basic|Bearer)\s+[A-Za-z0-9+/=._~-]{8,}/gi, "$1 [redacted]")
      .replace(/:\/\/[^\s/@:]*:[^\s/@]+@/g, "://[redacted]@");
  };
}

/** Shorter ones are not credentials, and would blank out ordinary words. */
function isCredential(secret: string): boolean {
  return secret.length >= 4;
}

/** The ways in which a server may write what it was sent: as it is, in a URL, in a form, in JSON, on a page. */
function spellings(secret: string): string[] {
  const inUrl = encodeURIComponent(secret);
  const onPage = secret.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
  return [
    secret,
    inUrl,
    inUrl.replace(/%[0-9A-F]{2}/g, (code) => code.toLowerCase()),
    new URLSearchParams([["", secret]]).toString().slice(1),
    JSON.stringify(secret).slice(1, -1),
    onPage,
    onPage.replaceAll('"', "&quot;").replaceAll("'", "&#39;"),
    onPage.replaceAll('"', "&#34;").replaceAll("'", "&#x27;"),
  ];
}
