import { spawn } from "node:child_process";
import { createHmac, randomUUID } from "node:crypto";
import { once } from "node:events";
import { createRequire } from "node:module";
import { type AddressInfo, createServer } from "node:net";
import type { Project } from "./pack.ts";

/** What a notebook is given of a cell: `text/html`, `text/plain`, `stdout`, or `error`. */
type Shown = Record<string, string>;

/** The part of the package zeromq that is used; tslab brings it, so it is the project's. */
interface Zeromq {
  Dealer: new () => Socket;
  Subscriber: new () => Socket & { subscribe(): void };
}
interface Socket {
  connect(address: string): void;
  send(frames: readonly string[]): Promise<void>;
  receive(): Promise<Buffer[]>;
  close(): void;
}

/** A message of Jupyter's protocol. */
interface Message {
  type: string;
  parent: string | undefined;
  // biome-ignore lint/suspicious/noExplicitAny: whatever the kernel says.
  content: any;
}

/**
 * Runs cells in a Jupyter kernel and gives what each shows. Every cell has to show something, as Deno's kernel may show it
 * only after it said that the cell is done.
 *
 * @param command - Starts the kernel, given the path of its connection file.
 */
export async function runCells(
  project: Project,
  command: (connectionFile: string) => readonly [string, readonly string[]],
  cells: readonly string[],
): Promise<Shown[]> {
  const [shellPort, publishedPort, ...ports] = await freePorts(5);
  const [stdin_port, control_port, hb_port] = ports;
  const key = randomUUID();
  const connection = {
    ...{ transport: "tcp", ip: "127.0.0.1", key, signature_scheme: "hmac-sha256" },
    ...{ shell_port: shellPort, iopub_port: publishedPort, stdin_port, control_port, hb_port },
  };
  const file = `kernel-${key}.json`;
  await project.write(file, JSON.stringify(connection));
  const { Dealer, Subscriber }: Zeromq = createRequire(project.path("zeromq"))("zeromq");
  const shell = new Dealer();
  const published = new Subscriber();
  published.subscribe();
  shell.connect(`tcp://127.0.0.1:${shellPort}`);
  published.connect(`tcp://127.0.0.1:${publishedPort}`);
  const [program, args] = command(file);
  const kernel = spawn(program, args, { cwd: project.folder, stdio: "ignore" });
  const ended = once(kernel, "exit");
  const died = ended.then(() => {
    throw new Error(`The kernel ${program} ended by itself.`);
  });
  died.catch(() => {});
  const next = async () => readMessage(await Promise.race([published.receive(), died]));
  try {
    await heardFrom(next, () => shell.send(request(key, "kernel_info_request", {}).frames));
    const shown: Shown[] = [];
    for (const code of cells) {
      const { id, frames } = request(key, "execute_request", { code, silent: false });
      await shell.send(frames);
      const cell = await showsOf(next, id);
      const wrong = cell.error ?? cell.stderr;
      if (wrong !== undefined) throw new Error(`The cell ${code} ended in ${wrong}`);
      shown.push(cell);
    }
    return shown;
  } finally {
    shell.close();
    published.close();
    kernel.kill("SIGKILL");
    await ended;
  }
}

/** Asks until what the kernel publishes is heard: a subscription that comes late misses what was said before. */
async function heardFrom(next: () => Promise<Message>, ask: () => Promise<void>): Promise<void> {
  const asking = setInterval(() => void ask(), 200);
  try {
    await next();
  } finally {
    clearInterval(asking);
  }
}

async function showsOf(next: () => Promise<Message>, id: string): Promise<Shown> {
  const shown: Shown = {};
  for (let isDone = false; !isDone || Object.keys(shown).length === 0; ) {
    const { type, parent, content } = await next();
    if (parent !== id) continue;
    if (type === "status") isDone ||= content.execution_state === "idle";
    if (type === "execute_result" || type === "display_data") Object.assign(shown, content.data);
    if (type === "stream") shown[content.name] = (shown[content.name] ?? "") + content.text;
    if (type === "error") shown.error = content.evalue;
  }
  return shown;
}

function request(key: string, type: string, content: object): { id: string; frames: string[] } {
  const id = randomUUID();
  const header = {
    ...{ msg_id: id, msg_type: type, session: key, username: "test", version: "5.3" },
    date: new Date().toISOString(),
  };
  const parts = [header, {}, {}, content].map((part) => JSON.stringify(part));
  const signature = createHmac("sha256", key).update(parts.join("")).digest("hex");
  return { id, frames: ["<IDS|MSG>", signature, ...parts] };
}

function readMessage(frames: readonly Buffer[]): Message {
  const texts = frames.map(String);
  const start = texts.indexOf("<IDS|MSG>") + 2;
  const [header, parent, , content] = texts.slice(start, start + 4).map((text) => JSON.parse(text));
  return { type: header.msg_type, parent: parent.msg_id, content };
}

async function freePorts(count: number): Promise<number[]> {
  const servers = Array.from({ length: count }, () => createServer().listen(0, "127.0.0.1"));
  await Promise.all(servers.map((server) => once(server, "listening")));
  const ports = servers.map((server) => (server.address() as AddressInfo).port);
  await Promise.all(servers.map((server) => once(server.close(), "close")));
  return ports;
}
