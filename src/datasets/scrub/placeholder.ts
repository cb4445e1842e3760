/** A placeholder, as {@link placeholderOf} makes them. Its first group is the type. */
export const placeholder = /\[([A-Z][A-Z0-9_]{0,40})_\d{1,9}\]/g;

/** What stands for the first, second, … value of a type: `[EMAIL_1]`. */
export function placeholderOf(type: string, number: number): string {
  return `[${type}_${number}]`;
}
