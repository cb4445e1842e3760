/** A stretch of a text that must not get into a dataset. */
export interface Finding {
  /** Where it begins, in UTF-16 code units. */
  start: number;
  /** Where it ends, exclusive. */
  end: number;
  /** What it is, in capitals: the placeholder's name, as in `[EMAIL_1]`. */
  type: string;
}

/** Finds one kind of secret or personal data. */
export interface Detector {
  /** Its name in the manifest; with a version, when the version decides what is found. */
  readonly name: string;
  /** Everything that it finds in the text, in any order. May overlap with what others find. */
  find(text: string): Iterable<Finding> | Promise<Iterable<Finding>>;
}

/** A detector that needs no waiting: all of the package's own rules. */
export interface SyncDetector extends Detector {
  find(text: string): Iterable<Finding>;
}

/** What a pattern's match says of itself: where its secret part stands, or nothing when it is a false alarm. */
type Judge = (match: RegExpExecArray) => { start: number; end: number } | undefined;

/** All of the match is secret. */
export const wholeMatch: Judge = ({ index, 0: text }) => ({
  start: index,
  end: index + text.length,
});

/** The pattern's first group is; the pattern needs the flag `d`. */
export const firstGroup: Judge = ({ indices }) => {
  const [start, end] = indices?.[1] ?? [0, 0];
  return { start, end };
};

/** Finds a pattern. The pattern needs the flags `g` and, to judge groups, `d`. */
export function* findPattern(
  text: string,
  pattern: RegExp,
  type: string,
  judge: Judge = wholeMatch,
): Generator<Finding, void, undefined> {
  for (const match of text.matchAll(pattern)) {
    const part = judge(match);
    if (part !== undefined && part.end > part.start) yield { ...part, type };
  }
}
