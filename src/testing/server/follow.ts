import { isTerminal } from "../../kestra/states.ts";
import type { SimulatedExecution } from "./execution.ts";
import { brokenConnection, type StreamFault } from "./faults.ts";

/** What a stream needs of its server. */
export interface FollowSource {
  /** The execution; `undefined` for an unknown id. */
  readonly execution: SimulatedExecution | undefined;
  readonly id: string;
  readonly fault: StreamFault | undefined;
  /** How long after the last change `end` comes. */
  readonly endDelayMs: number;
  now(): number;
  /** Calls back so much later. @returns what takes that back. */
  after(durationMs: number, run: () => void): () => void;
  /** The execution as a frame holds it. */
  render(execution: SimulatedExecution): Record<string, unknown>;
  /** Counts what is sent. */
  onBytes(count: number): void;
  /** Told once when the stream is over. */
  onClose(): void;
}

/** After so long the server breaks the stream of an id that it does not know. */
const unknownIdMs = 10_000;

/** The stream of an execution's frames, as the server sends them, or as a fault has it. */
export function followStream(
  source: FollowSource,
  signal: AbortSignal,
): ReadableStream<Uint8Array> {
  const writer = new FrameWriter(source);
  return new ReadableStream<Uint8Array>({
    start(controller) {
      writer.open(controller, signal);
    },
    cancel() {
      writer.close();
    },
  });
}

/** Writes the frames one after the other; holds a timer only while the stream is open. */
class FrameWriter {
  readonly #source: FollowSource;
  readonly #encoder = new TextEncoder();
  #controller: ReadableStreamDefaultController<Uint8Array> | undefined;
  #cancelTimer: (() => void) | undefined;
  #forgetTurns: (() => void) | undefined;
  #signal: AbortSignal | undefined;
  readonly #onAbort = () => this.#break(this.#signal?.reason);
  #told = 0;

  constructor(source: FollowSource) {
    this.#source = source;
  }

  open(controller: ReadableStreamDefaultController<Uint8Array>, signal: AbortSignal): void {
    this.#controller = controller;
    this.#signal = signal;
    if (signal.aborted) {
      this.#onAbort();
      return;
    }
    signal.addEventListener("abort", this.#onAbort, { once: true });
    const { fault, id, execution } = this.#source;
    if (fault === "silent") return;
    this.#send("start", { id, labels: [], originalId: id, deleted: false });
    if (execution === undefined) {
      this.#later(unknownIdMs, () => this.#break());
      return;
    }
    if (fault === "garbage") {
      this.#write("\u0000\u0001 not a frame\n\nid: end\ndata: {broken\n\n");
      this.#end();
      return;
    }
    if (fault === "foreign") {
      const state = { current: "SUCCESS", histories: [] };
      const { namespace, flowId } = execution.seed;
      this.#send("end", { id: "somebodyElses", namespace, flowId, state, labels: [] });
    }
    this.#tell(execution);
  }

  close(): void {
    if (this.#controller === undefined) return;
    this.#cancelTimer?.();
    this.#forgetTurns?.();
    this.#signal?.removeEventListener("abort", this.#onAbort);
    this.#controller = undefined;
    this.#source.onClose();
  }

  /** Sends the present state, and comes again when it changes. */
  #tell(execution: SimulatedExecution): void {
    const now = this.#source.now();
    const { fault, endDelayMs } = this.#source;
    const isOver = isTerminal(execution.stateAt(now)) && execution.nextChange(now) === undefined;
    if (isOver && (this.#told === 0 || endDelayMs === 0)) {
      this.#finish(execution);
      return;
    }
    this.#send("progress", this.#source.render(execution));
    if (fault === "repeats") this.#send("progress", this.#source.render(execution));
    if (fault === "backwards") this.#sendOlder(execution);
    this.#told += 1;
    if (fault === "ends-early") {
      this.#end();
      return;
    }
    if (fault === "breaks") {
      this.#break();
      return;
    }
    if (fault === "stalls") return;
    if (isOver) {
      this.#later(endDelayMs, () => this.#finish(execution));
      return;
    }
    this.#await(execution, now);
  }

  #await(execution: SimulatedExecution, seen: number): void {
    const look = () => {
      const now = this.#source.now();
      const hasChanged = execution.historyAt(now).length > execution.historyAt(seen).length;
      if (hasChanged) this.#tell(execution);
      else this.#await(execution, seen);
    };
    const next = execution.nextChange(seen);
    if (next !== undefined) this.#later(Math.max(0, next - this.#source.now()), look);
    // A life may turn while something else is to come, or nothing: by a kill for example.
    this.#forgetTurns?.();
    this.#forgetTurns = execution.onTurn(() => this.#later(0, look));
  }

  #finish(execution: SimulatedExecution): void {
    const { fault } = this.#source;
    if (fault === "half-frame") {
      const frame = frameOf("end", this.#source.render(execution));
      this.#write(frame.slice(0, frame.length / 2));
    } else this.#send("end", this.#source.render(execution));
    this.#end();
  }

  #sendOlder(execution: SimulatedExecution): void {
    const rendered = this.#source.render(execution);
    const state = {
      current: "CREATED",
      histories: [{ state: "CREATED", date: "1970-01-01T00:00:00Z" }],
    };
    this.#send("progress", { ...rendered, state });
  }

  #later(afterMs: number, then: () => void): void {
    this.#cancelTimer?.();
    this.#cancelTimer = this.#source.after(afterMs, then);
  }

  #send(id: string, data: unknown): void {
    this.#write(frameOf(id, data));
  }

  #write(text: string): void {
    const bytes = this.#encoder.encode(text);
    this.#source.onBytes(bytes.length);
    this.#controller?.enqueue(bytes);
  }

  #end(): void {
    const controller = this.#controller;
    this.close();
    controller?.close();
  }

  #break(reason: unknown = brokenConnection()): void {
    const controller = this.#controller;
    this.close();
    controller?.error(reason);
  }
}

function frameOf(id: string, data: unknown): string {
  return `id: ${id}\ndata: ${JSON.stringify(data)}\n\n`;
}
