import { type AddressInfo, connect, createServer, type Socket } from "node:net";

/** What a connection goes through. Bytes are those of the answers. */
export type ProxyMode =
  | { kind: "pass" }
  /** Broken as soon as it is opened. */
  | { kind: "refuse" }
  /** Its requests arrive; it is reset before a byte of an answer comes back. */
  | { kind: "reset-answer" }
  /** Reset after so many bytes. */
  | { kind: "reset-after"; bytes: number }
  /** Ended in good order after so many bytes. */
  | { kind: "truncate"; bytes: number }
  /** Each piece comes so late. */
  | { kind: "delay"; delayMs: number }
  /** Byte by byte. */
  | { kind: "trickle" }
  /** Requests arrive, and nothing ever comes back. */
  | { kind: "silent" };

/** A TCP proxy that cuts, delays, resets and truncates. */
export interface TcpProxy extends AsyncDisposable {
  readonly url: string;
  /** Decides for each new request line that passes; `pass` when it answers `undefined`. */
  plan: (requestLine: string) => ProxyMode | undefined;
  /** How many connections are open. */
  readonly open: number;
  close(): Promise<void>;
}

/** Starts a proxy to a port of the loopback interface. One request a connection keeps the plans apart. */
export async function startProxy(targetPort: number): Promise<TcpProxy> {
  const sockets = new Set<Socket>();
  const proxy = { plan: (_requestLine: string): ProxyMode | undefined => undefined };
  const server = createServer((client) => {
    track(client);
    client.once("data", (first: Buffer) => {
      const requestLine = first.toString("latin1").split("\r\n")[0] ?? "";
      const mode = proxy.plan(requestLine) ?? { kind: "pass" };
      if (mode.kind === "refuse") {
        client.resetAndDestroy();
        return;
      }
      const target = connect(targetPort, "127.0.0.1");
      track(target);
      target.write(oneRequest(first));
      client.pipe(target);
      target.on("close", () => client.destroy());
      client.on("close", () => target.destroy());
      forward(target, client, mode);
    });
  });
  const track = (socket: Socket) => {
    sockets.add(socket);
    socket.on("error", () => {});
    socket.on("close", () => sockets.delete(socket));
  };
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  const close = () =>
    new Promise<void>((resolve) => {
      server.close(() => resolve());
      for (const socket of sockets) socket.destroy();
    });
  return Object.assign(proxy, {
    url: `http://127.0.0.1:${port}`,
    get open() {
      return sockets.size;
    },
    close,
    [Symbol.asyncDispose]: close,
  });
}

/** Without keep-alive, so that the next request comes on a connection with a plan of its own. */
function oneRequest(first: Buffer): Buffer {
  const text = first.toString("latin1").replace(/connection: keep-alive/i, "connection: close");
  return Buffer.from(text, "latin1");
}

function forward(target: Socket, client: Socket, mode: ProxyMode): void {
  let passed = 0;
  target.on("data", (chunk: Buffer) => {
    switch (mode.kind) {
      case "reset-answer":
        client.resetAndDestroy();
        break;
      case "reset-after":
      case "truncate": {
        client.write(chunk.subarray(0, Math.max(0, mode.bytes - passed)));
        passed += chunk.length;
        if (passed < mode.bytes) break;
        if (mode.kind === "truncate") client.end();
        else setTimeout(() => client.resetAndDestroy(), 20);
        break;
      }
      case "delay":
        setTimeout(() => client.write(chunk), mode.delayMs);
        break;
      case "trickle":
        for (const byte of chunk) client.write(Buffer.from([byte]));
        break;
      case "silent":
        break;
      default:
        client.write(chunk);
    }
  });
  target.on("end", () => {
    if (mode.kind === "silent") return;
    setTimeout(() => client.end(), mode.kind === "delay" ? mode.delayMs + 10 : 0);
  });
}
