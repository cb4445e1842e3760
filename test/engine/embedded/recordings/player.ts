import { setTimeout as delay } from "node:timers/promises";
import type { Engine } from "../../../../engine/index.ts";
import { BROKEN, frameDifferences, isEventStream } from "./frames.ts";
import type { Recording } from "./recording.ts";
import {
  type Execution,
  READY_WHEN,
  STARTED_BEFORE,
  type Unrecorded,
  withDatesToCome,
} from "./scenario.ts";
import { differences } from "./shape.ts";

/** Until when a read is repeated: what it shows may still be on its way. */
const READ_LIMIT_MS = 60_000;
const POLL_MS = 250;
const ID = /\/(?:executions|logs|outputs\/executions)\/([0-9A-Za-z]{20,22})(?=[/?]|$)/;
const COMPARED_HEADERS = ["content-type", "www-authenticate", "allow", "cache-control"];

interface Answer {
  status: number;
  headers: Headers;
  text: string;
}

/** How recorded requests are sent. */
interface PlayerOptions {
  /** @default the global one */
  fetch?: typeof globalThis.fetch;
  /** For how long a read is repeated that differs. @default a minute: an engine is not done at once */
  readLimitMs?: number;
}

/** Sends recorded requests to an engine, with the engine's ids in place of the recorded ones. */
export class Player {
  readonly #engine: Pick<Engine, "url" | "line">;
  readonly #user: { username: string; password: string };
  readonly #ids = new Map<string, string>();
  readonly #fetch: typeof globalThis.fetch;
  readonly #readLimitMs: number;

  constructor(
    engine: Pick<Engine, "url" | "line">,
    user: { username: string; password: string },
    { fetch = globalThis.fetch, readLimitMs = READ_LIMIT_MS }: PlayerOptions = {},
  ) {
    this.#engine = engine;
    this.#user = user;
    this.#fetch = fetch;
    this.#readLimitMs = readLimitMs;
  }

  /** What differs from the recorded answer, by path. */
  async play(recording: Recording): Promise<string[]> {
    await this.#prepare(recording);
    const end = Date.now() + this.#readLimitMs;
    for (;;) {
      const answer = await this.#send(recording.name, recording.request);
      const found = this.#compare(recording, answer);
      const mayChange = recording.request.method === "GET" && Date.now() < end;
      if (found.length === 0 || !mayChange) {
        this.#learn(recording, answer);
        return found;
      }
      await delay(POLL_MS);
    }
  }

  async #prepare(recording: Recording): Promise<void> {
    const id = ID.exec(recording.request.path)?.[1] ?? idInBody(recording);
    const start = STARTED_BEFORE[recording.name];
    if (start !== undefined && id !== undefined) this.#ids.set(id, await this.#start(start));
    if (recording.name === "execution-file-download") await this.#findFile(recording, id ?? "");
    const isReady = READY_WHEN[recording.name];
    if (isReady !== undefined && id !== undefined) await this.#waitFor(id, isReady);
  }

  async #start(start: Unrecorded): Promise<string> {
    const request = {
      method: "POST",
      path: `/api/v1/main/executions/ai-arena.recording/${start.flowId}${start.query ?? ""}`,
      contentType: null,
      form: start.form ?? null,
      body: null,
      authenticated: true,
    };
    if (start.isSecond) await this.#send("unrecorded", request);
    const answer = await this.#send("unrecorded", request);
    return (JSON.parse(answer.text) as { id: string }).id;
  }

  /** The address of a stored file holds ids of its own. */
  async #findFile(recording: Recording, id: string): Promise<void> {
    const execution = this.#ids.get(id) ?? "";
    await this.#waitFor(id, (found) => found.state.current === "SUCCESS");
    const outputs = this.#engine.line === "2.0" ? await this.#outputs(execution) : undefined;
    const present = await this.#get<{ taskRunList: { outputs?: { uri: string } }[] }>(
      `/executions/${execution}`,
    );
    const uri = outputs?.uri ?? present.taskRunList[0]?.outputs?.uri ?? "";
    const recorded = new URL(recording.request.path, "http://recorded").searchParams.get("path");
    this.#ids.set(encodeURIComponent(recorded ?? ""), encodeURIComponent(uri));
  }

  async #outputs(execution: string): Promise<{ uri: string } | undefined> {
    const [first] = await this.#get<{ taskRunId: string }[]>(`/outputs/tasks/${execution}`);
    return this.#get(`/outputs/tasks/${execution}/${first?.taskRunId}`);
  }

  async #waitFor(id: string, isReady: (execution: Execution) => boolean): Promise<void> {
    const end = Date.now() + READ_LIMIT_MS;
    while (Date.now() < end) {
      if (isReady(await this.#get<Execution>(`/executions/${this.#ids.get(id)}`))) return;
      await delay(POLL_MS);
    }
    throw new Error(`Execution ${id} did not get ready`);
  }

  async #get<Body>(path: string): Promise<Body> {
    const request = { method: "GET", contentType: null, form: null, body: null };
    const answer = await this.#send("unrecorded", {
      ...request,
      path: `/api/v1/main${path}`,
      authenticated: true,
    });
    return JSON.parse(answer.text) as Body;
  }

  async #send(name: string, request: Recording["request"]): Promise<Answer> {
    const headers = new Headers();
    if (request.authenticated) headers.set("authorization", this.#credentials(name));
    if (request.contentType && !request.form) headers.set("content-type", request.contentType);
    const response = await this.#fetch(
      this.#engine.url + withDatesToCome(this.#translated(request.path)),
      {
        method: request.method,
        headers,
        redirect: "manual",
        body: request.form ? formOf(request.form) : this.#body(request.body),
      },
    );
    return { status: response.status, headers: response.headers, text: await textOf(response) };
  }

  #credentials(name: string): string {
    if (name.includes("bearer")) return "Bearer something";
    const password = name.includes("wrong-password") ? "wrong" : this.#user.password;
    return `Basic ${btoa(`${this.#user.username}:${password}`)}`;
  }

  /** A body of bytes: `fetch` would add a content type to text. */
  #body(body: string | null): Uint8Array<ArrayBuffer> | null {
    return body === null ? null : new TextEncoder().encode(this.#translated(body));
  }

  #translated(text: string): string {
    const byLength = [...this.#ids].sort(([a], [b]) => b.length - a.length);
    return byLength.reduce((all, [recorded, own]) => all.replaceAll(recorded, own), text);
  }

  #compare({ response }: Recording, answer: Answer): string[] {
    const found: string[] = [];
    if (answer.status !== response.status)
      found.push(`status: ${response.status} → ${answer.status} ${answer.text.slice(0, 200)}`);
    for (const [name, value] of Object.entries(response.headers)) {
      const isCompared = COMPARED_HEADERS.includes(name) || name.startsWith("x-kestra");
      const own = answer.headers.get(name);
      if (isCompared ? own !== value : own === null)
        found.push(`header ${name}: ${value} → ${own}`);
    }
    if (found.length > 0) return found;
    if (response.json !== undefined)
      return differences(
        JSON.parse(this.#translated(JSON.stringify(response.json))),
        parsed(answer),
      );
    const text = response.text ?? "";
    if (isEventStream(text)) return frameDifferences(this.#translated(text), answer.text);
    return text === answer.text ? [] : [`text: ${text} → ${answer.text}`];
  }

  #learn({ response }: Recording, answer: Answer): void {
    if (response.json !== undefined) this.#pair(response.json, parsed(answer));
  }

  #pair(recorded: unknown, own: unknown): void {
    if (Array.isArray(recorded) && Array.isArray(own)) {
      recorded.forEach((item, index) => {
        this.#pair(item, own[index]);
      });
    } else if (isRecord(recorded) && isRecord(own)) {
      for (const [key, value] of Object.entries(recorded)) {
        const found = own[key];
        const isId =
          (key === "id" || key === "taskRunId") && /^[0-9A-Za-z]{20,22}$/.test(`${value}`);
        if (isId && typeof found === "string" && !this.#ids.has(`${value}`))
          this.#ids.set(`${value}`, found);
        else this.#pair(value, found);
      }
    }
  }
}

function idInBody({ name, request }: Recording): string | undefined {
  if (name !== "executions-kill-by-ids") return undefined;
  return (JSON.parse(request.body ?? "[]") as string[])[0];
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null;
}

function parsed(answer: Answer): unknown {
  try {
    return JSON.parse(answer.text);
  } catch {
    return answer.text;
  }
}

function formOf(parts: readonly [string, string][]): FormData {
  const form = new FormData();
  for (const [name, value] of parts) form.append(name, value);
  return form;
}

async function textOf(response: Response): Promise<string> {
  let text = "";
  const decoder = new TextDecoder();
  try {
    for await (const chunk of response.body ?? []) text += decoder.decode(chunk, { stream: true });
  } catch {
    return `${text}\n${BROKEN}`;
  }
  return text;
}
