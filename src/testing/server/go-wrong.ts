import type { ServerClock } from "./clock.ts";
import { brokenConnection, type Fault } from "./faults.ts";
import { brokenOff, never, pause } from "./wire.ts";

/** What a fault lets happen of a request, or keeps from happening. */
export interface FaultyExchange {
  readonly signal: AbortSignal;
  readonly clock: ServerClock;
  /** Does what was asked, and answers; a stream or a kill goes wrong as its fault says. */
  answer(fault?: Fault): Promise<Response>;
  /** Answers an error of Kestra's own. */
  refuse(status: number, slug: string): Response;
  /** Does what was asked that much later. */
  doLate(afterMs: number): void;
}

/** Answers a request as its fault has it. @throws what `fetch` throws for a connection that breaks. */
export async function goWrong(
  fault: Fault | undefined,
  exchange: FaultyExchange,
): Promise<Response> {
  const { signal, clock, answer, refuse, doLate } = exchange;
  switch (fault?.kind) {
    case undefined:
      return answer();
    case "stream":
    case "kill-hangs":
      return answer(fault);
    case "problem": {
      const problem = refuse(fault.status, fault.slug);
      for (const [name, value] of Object.entries(fault.headers ?? {})) {
        problem.headers.set(name, value);
      }
      return problem;
    }
    case "delay":
      await pause(clock, fault.delayMs, signal);
      return answer();
    case "hang":
      if (fault.isDone) await unheard(answer);
      return never(signal);
    case "late":
      doLate(fault.doneMs);
      throw brokenConnection();
    case "answer": {
      if (fault.isDone) await unheard(answer);
      const { status, headers = {}, body = "" } = fault;
      return new Response(status === 204 ? null : body, { status, headers });
    }
    case "reset": {
      if (fault.when === "before") throw brokenConnection();
      if (fault.when === "body") return brokenOff(await answer());
      await unheard(answer);
      throw brokenConnection();
    }
  }
}

/** Does what was asked, though its answer goes nowhere. */
async function unheard(answer: () => Promise<Response>): Promise<void> {
  const response = await answer();
  await response.body?.cancel();
}
