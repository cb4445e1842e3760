import { differences } from "./shape.ts";

interface Frame {
  id: string;
  data: unknown;
}

/** How many changes a stream shows is a matter of timing; their order and their shape are not. */
export function frameDifferences(recorded: string, answered: string): string[] {
  const before = framesOf(recorded);
  const after = framesOf(answered);
  const order = ordered(before);
  const found = ordered(after);
  if (order !== found) return [`frames: ${order} → ${found}`];
  const isBroken = (text: string) => text.endsWith(BROKEN);
  if (isBroken(recorded) !== isBroken(answered)) return ["the stream breaks on one side only"];
  return differences(before.at(-1)?.data, after.at(-1)?.data);
}

/** What the recorder wrote where a stream broke. */
export const BROKEN = "<<IncompleteRead>>";

export function isEventStream(text: string): boolean {
  return text.startsWith("id: start\n");
}

function framesOf(text: string): Frame[] {
  return [...text.matchAll(/^id: (\w+)\ndata: (.*)$/gm)].map(([, id = "", data = ""]) => ({
    id,
    data: JSON.parse(data),
  }));
}

function ordered(frames: readonly Frame[]): string {
  return frames
    .map((frame) => frame.id)
    .filter((id, index, ids) => id !== ids[index - 1])
    .join(", ");
}
