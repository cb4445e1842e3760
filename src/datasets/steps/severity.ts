const words: Readonly<Record<string, number>> = { low: 2.5, medium: 5, high: 7.5, critical: 10 };

/** A severity as a number from 0 to 10; 0 where nothing is said. */
export function severityOf(severity: string | number | undefined): number {
  if (typeof severity === "number") return severity;
  return severity !== undefined && Object.hasOwn(words, severity) ? (words[severity] ?? 0) : 0;
}
