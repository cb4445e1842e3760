/** Takes credentials out of a text. */
export type Redact = (text: string) => string;

/**
 * A server or a proxy may echo what it was sent, so every text that came from outside goes through this before it
 * becomes part of an error or a log line.
 */
export function createRedactor(secrets: readonly string[]): Redact {
  const known = secrets
    // Shorter ones are not credentials, and would blank out ordinary words.
    .filter((secret) => secret.length >= 4)
    .flatMap((secret) => [secret, encodeURIComponent(secret), JSON.stringify(secret).slice(1, -1)])
    // The longest first, so that no part of it is left over.
    .sort((first, second) => second.length - first.length);
  return (text) => {
    let redacted = text;
    for (const secret of known) redacted = redacted.replaceAll(secret, "[redacted]");
    return redacted.replace(/\b(Basic|Bearer)\s+[A-Za-z0-9+/=._~-]{8,}/g, "$1 [redacted]");
  };
}
