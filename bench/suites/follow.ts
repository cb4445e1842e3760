import { KestraArenaClient } from "kestra-arena";
import type { Goal, Suite } from "../lib/goal.ts";
import { pairedCpuRatio } from "../lib/paired.ts";

const frames = 300;

/** Goal 11: a stream of many frames of which only the last is wanted. */
export const follow: Suite = {
  name: "follow",
  async run({ progress }): Promise<Goal[]> {
    progress(`streams of ${frames} frames`);
    const text = streamOf(frames);
    const chunks = chunksOf(new TextEncoder().encode(text));
    const respond = async (url: string) => {
      if (url.endsWith("/follow")) {
        return new Response(streamChunks(chunks), {
          headers: { "content-type": "text/event-stream" },
        });
      }
      const execution = url.includes("/outputs/") ? {} : executionOf(frames);
      return Response.json(execution);
    };
    const clientFetch = ((input: Parameters<typeof fetch>[0]) =>
      respond(input instanceof Request ? input.url : String(input))) as typeof fetch;
    const arena = new KestraArenaClient({
      url: "http://127.0.0.1:9",
      line: "2",
      fetch: clientFetch,
    });
    const ratio = await pairedCpuRatio(
      async (repetitions) => {
        for (let count = 0; count < repetitions; count += 1) {
          const signal = new AbortController().signal;
          let last: { data: string } | undefined;
          for await (const frame of arena.kestra.executions.follow("run1", signal)) last = frame;
          JSON.parse(last?.data ?? "{}");
        }
      },
      async (repetitions) => {
        for (let count = 0; count < repetitions; count += 1) {
          const signal = new AbortController().signal;
          for await (const frame of arena.kestra.executions.follow("run1", signal)) {
            JSON.parse(frame.data);
          }
        }
      },
    );
    const size = (text.length / 1e6).toFixed(1);
    return [
      {
        id: "11",
        title: "following for the result alone, over parsing every frame",
        value: ratio,
        limit: 0.25,
        note: `${frames} frames, ${size} MB, in chunks of 64 kB`,
        limitedBy: "the stream itself, and eventsource-parser; only the last frame is decoded",
      },
    ];
  },
};

function streamOf(count: number): string {
  const parts = [`id: start\ndata: ${JSON.stringify({ id: "run1" })}\n\n`];
  for (let index = 1; index <= count; index += 1) {
    const kind = index === count ? "end" : "progress";
    parts.push(`id: ${kind}\ndata: ${JSON.stringify(executionOf(index))}\n\n`);
  }
  return parts.join("");
}

/** As a socket hands them on. */
function chunksOf(bytes: Uint8Array): Uint8Array[] {
  const size = 64 * 1024;
  return Array.from({ length: Math.ceil(bytes.length / size) }, (_, index) =>
    bytes.subarray(index * size, (index + 1) * size),
  );
}

function streamChunks(chunks: readonly Uint8Array[]): ReadableStream<Uint8Array> {
  let next = 0;
  return new ReadableStream({
    pull(controller) {
      const chunk = chunks[next];
      next += 1;
      if (chunk === undefined) controller.close();
      else controller.enqueue(chunk);
    },
  });
}

/** An execution of forty task runs, as a match's grows to. */
function executionOf(step: number) {
  const date = "2026-11-24T19:33:54.174002Z";
  const state = {
    current: "SUCCESS",
    histories: [
      { state: "CREATED", date },
      { state: "SUCCESS", date },
    ],
    startDate: date,
  };
  return {
    id: "run1",
    namespace: "ai-arena",
    flowId: "match-orchestration",
    labels: [],
    state: {
      current: step === frames ? "SUCCESS" : "RUNNING",
      histories: [{ state: "CREATED", date }],
      startDate: date,
    },
    taskRunList: Array.from({ length: Math.min(40, step) }, (_, index) => ({
      id: `task${index}`,
      taskId: `task${index}`,
      attempts: [{ state }],
      state,
    })),
  };
}
