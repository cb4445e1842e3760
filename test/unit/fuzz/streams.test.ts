import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { isArenaError } from "../../../src/errors.ts";
import { decodeFrame, type FollowFrame } from "../../../src/kestra/follow.ts";
import { apiWith } from "../../support/recordings.ts";
import { anyJson, fuzzing, mangled, mutated, seed } from "./fuzzing.ts";

const execution = {
  id: "4FvG",
  namespace: "a.b",
  flowId: "f",
  labels: [{ key: "a", value: "é\u{1f600}" }],
  state: {
    current: "RUNNING",
    startDate: "2026-01-01T00:00:00Z",
    histories: [{ state: "CREATED", date: "2026-01-01T00:00:00Z" }],
  },
  taskRunList: [{ id: "t", taskId: "t", state: { current: "RUNNING" }, outputs: { a: 1 } }],
};

const frame = `id: progress\ndata: ${JSON.stringify(execution)}\n\n`;

/** Bytes as a network would hand them over. */
function inChunks(bytes: Uint8Array, sizes: readonly number[]): ReadableStream<Uint8Array> {
  let at = 0;
  let turn = 0;
  return new ReadableStream<Uint8Array>({
    pull(controller) {
      const size = sizes[turn % sizes.length] ?? bytes.length;
      turn += 1;
      if (at < bytes.length) controller.enqueue(bytes.slice(at, at + size));
      else controller.close();
      at += size;
    },
  });
}

async function follow(bytes: Uint8Array, sizes: readonly number[]): Promise<FollowFrame[]> {
  const headers = { "content-type": "text/event-stream" };
  const api = apiWith("2", "main", async () => new Response(inChunks(bytes, sizes), { headers }));
  const frames: FollowFrame[] = [];
  for await (const one of api.executions.follow("4FvG", new AbortController().signal)) {
    frames.push(one);
  }
  return frames;
}

const chunkSizes = fc.array(fc.integer({ min: 1, max: 300 }), { minLength: 1, maxLength: 5 });
const noise = fc.oneof(
  fc.string({ unit: "binary", maxLength: 10 }),
  fc.constantFrom(
    "\n",
    "\r\n",
    "\r",
    "\n\n",
    "id: ",
    "data: ",
    "event: x\n",
    ": c\n",
    "\u0000",
    "\ufeff",
  ),
);

function expectDecoded(frames: readonly FollowFrame[]) {
  for (const one of frames) {
    const decoded = decodeFrame(one);
    if (decoded !== undefined) {
      expect([typeof decoded.id, typeof decoded.state.current]).toEqual(["string", "string"]);
    }
  }
}

describe(`Streams that are none, seed ${seed},`, () => {
  const encode = (text: string) => new TextEncoder().encode(text);
  const read = async (bytes: Uint8Array, sizes: readonly number[]) => {
    try {
      expectDecoded(await follow(bytes, sizes));
    } catch (error) {
      expect(isArenaError(error), String(error)).toBe(true);
    }
  };

  it("come to an end: any bytes", async () => {
    const bytes = fc.uint8Array({ maxLength: 300 });
    await fc.assert(fc.asyncProperty(bytes, chunkSizes, read), fuzzing(0.3));
  });

  it("come to an end: frames, mangled", async () => {
    const text = mangled(`id: start\ndata: {"id":"4FvG"}\n\n${frame}${frame}`, noise).map(encode);
    await fc.assert(fc.asyncProperty(text, chunkSizes, read), fuzzing(0.2));
  });

  it("are decoded or not: frames with something else in one place", () => {
    const data = fc
      .oneof(mutated(execution), anyJson)
      .map((value) => String(JSON.stringify(value)));
    const kind = fc.constantFrom("start" as const, "progress" as const, "end" as const);
    fc.assert(
      fc.property(kind, data, (one, text) => expectDecoded([{ kind: one, data: text }])),
      fuzzing(0.3),
    );
  });

  it("give every frame once and in order, wherever they were cut", async () => {
    const value = fc.string({ unit: "grapheme", maxLength: 12 });
    const ending = fc.constantFrom("\n", "\r\n");
    await fc.assert(
      fc.asyncProperty(
        fc.array(value, { maxLength: 5 }),
        chunkSizes,
        ending,
        async (all, sizes, end) => {
          const sent = all.map((text) => ({ ...execution, inputs: { text } }));
          const text = sent.map(
            (one) => `id: progress${end}data: ${JSON.stringify(one)}${end}${end}`,
          );
          const frames = await follow(encode(text.join("")), sizes);
          expect(frames.map((one) => decodeFrame(one)?.inputs?.text)).toEqual(all);
        },
      ),
      fuzzing(0.2),
    );
  });
});
