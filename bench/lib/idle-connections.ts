import { setTimeout as delay } from "node:timers/promises";

/** What a client in use keeps open, and the server process's channel. */
const few = 40;

/** Waits until the connections that an earlier client left idle are closed, so that no later one pays for it. */
export async function idleConnectionsClosed(): Promise<void> {
  while (openSockets() > few) await delay(100);
}

function openSockets(): number {
  return process.getActiveResourcesInfo().filter((name) => name === "TCPSocketWrap").length;
}
