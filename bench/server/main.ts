/** A Kestra 2 for benchmarks: answers in its shapes, as fast as `node:http` can, about executions that end by the clock. */
import { createServer, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { ServerCommand, ServerCounts, ServerReply } from "./protocol.ts";
import { type Run, RunStore } from "./runs.ts";

const runs = new RunStore();
let counts: ServerCounts = { requests: 0, bytes: 0, rows: 0 };

const server = createServer((request, response) => {
  counts.requests += 1;
  const url = new URL(request.url ?? "/", "http://localhost");
  if (request.method === "POST") {
    // Read it all, as a server has to.
    request.on("data", () => {}).on("end", () => answer(response, runs.create()));
    return;
  }
  const path = url.pathname.replace("/api/v1/main/", "");
  if (path === "/api/v1/configs") return answer(response, { version: "2.0.0" });
  if (path === "executions/search") return search(response, url.searchParams);
  const [collection, id = "", tail] = path.split("/");
  if (collection === "outputs") return answer(response, {});
  const run = runs.get(id);
  if (run === undefined) {
    response.statusCode = 404;
    return answer(response, { title: "Not found", status: 404 });
  }
  if (tail === "follow") return follow(response, run);
  return answer(response, run.describe());
});

function search(response: ServerResponse, query: URLSearchParams): void {
  const page = Number(query.get("page") ?? 1);
  const size = Number(query.get("size") ?? 10);
  const wantsEnded = query.has("filters[state][IN]");
  const found = wantsEnded ? runs.endedNewestFirst() : runs.all();
  const rows = found.slice((page - 1) * size, page * size).map((run) => run.describeLight());
  counts.rows += rows.length;
  answer(response, { results: rows, total: found.length });
}

function follow(response: ServerResponse, run: Run): void {
  response.writeHead(200, { "content-type": "text/event-stream" });
  const send = (kind: string, execution: unknown) => {
    const frame = `id: ${kind}\ndata: ${JSON.stringify(execution)}\n\n`;
    counts.bytes += frame.length;
    response.write(frame);
  };
  send("start", { id: run.id });
  // As Kestra does: the present state at once.
  send("progress", run.describe());
  const atEnd = () => {
    send("end", run.describe());
    response.end();
  };
  // A timer may fire a moment early, when it has not ended yet.
  const timer = setTimeout(atEnd, Math.max(0, run.endsAt - Date.now()) + 1);
  response.on("close", () => clearTimeout(timer));
}

function answer(response: ServerResponse, body: unknown): void {
  const text = JSON.stringify(body);
  counts.bytes += text.length;
  response.setHeader("content-type", "application/json");
  response.end(text);
}

process.on("message", (command: ServerCommand) => {
  const reply = (message: ServerReply) => process.send?.(message);
  if (command.kind === "reset") {
    runs.clear();
    counts = { requests: 0, bytes: 0, rows: 0 };
    reply({ kind: "done" });
  } else if (command.kind === "counts") {
    reply({ kind: "counts", counts });
  } else if (command.kind === "hold") {
    runs.hold();
    reply({ kind: "done" });
  } else if (command.kind === "release") {
    const released = runs.release(command);
    counts = { requests: 0, bytes: 0, rows: 0 };
    reply({ kind: "spawned", runs: released });
  } else {
    reply({ kind: "spawned", runs: runs.spawn(command) });
  }
});
process.on("disconnect", () => process.exit());

server.keepAliveTimeout = 60_000;
server.listen(0, "127.0.0.1", () => {
  const { port } = server.address() as AddressInfo;
  process.send?.({ kind: "listening", url: `http://127.0.0.1:${port}` } satisfies ServerReply);
});
