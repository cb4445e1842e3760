import { InputError } from "../errors.ts";

/** A confidence in percent, or of 1, would make intervals of NaN and infinities, which JSON keeps as null. */
export function checkConfidence(subject: string, confidence: number): void {
  if (confidence > 0 && confidence < 1) return;
  const message = `must be a fraction between 0 and 1, such as 0.95; it is ${confidence}`;
  throw new InputError(subject, [{ path: ["confidence"], message }]);
}
