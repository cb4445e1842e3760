import { type ArenaWarning, KestraArenaClient, type KestraArenaOptions } from "../../src/index.ts";
import { runVirtually } from "./virtual-time.ts";

/** A text is thrown, as a `fetch` of the caller's own may throw anything. */
type Answer = Response | Error | string;

/** A running execution. */
export const found = () =>
  Response.json({ id: "x", namespace: "n", flowId: "f", state: { current: "RUNNING" } });

/** An answer that is an error. */
export const refused = (status: number, headers: Record<string, string> = {}) =>
  new Response("busy", { status, headers });

/** No answer, ever. */
export const nothing = () => new Promise<never>(() => {});

/** A client of a server that gives these answers, one after the other, and the last for ever. */
export function scriptedClient(
  answers: (() => Answer | Promise<Answer>)[],
  options: KestraArenaOptions = {},
) {
  const sent: { at: number; method: string; headers: Headers }[] = [];
  const warnings: ArenaWarning[] = [];
  const begin = Date.now();
  const client = new KestraArenaClient({
    url: "http://kestra.test",
    line: "2",
    onWarning: (warning) => warnings.push(warning),
    fetch: async (_input, init = {}) => {
      init.signal?.throwIfAborted();
      const answer = answers[Math.min(sent.length, answers.length - 1)];
      const { method = "GET", headers } = init;
      sent.push({ at: Date.now() - begin, method, headers: new Headers(headers) });
      const given = await answer?.();
      if (given instanceof Response) return given;
      if (given !== undefined) throw given;
      return new Promise((_resolve, reject) => {
        init.signal?.addEventListener("abort", () => reject(init.signal?.reason), { once: true });
      });
    },
    ...options,
  });
  return { client, sent, warnings, get: () => runVirtually(client.kestra.executions.get("x")) };
}
