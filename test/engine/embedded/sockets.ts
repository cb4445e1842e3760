import { readdirSync, readFileSync, readlinkSync } from "node:fs";

const LISTENING = "0A";
const LOOPBACK_V4 = "0100007F";
const LOOPBACK_V6 = "00000000000000000000000001000000";
const LOOPBACK_V4_IN_V6 = "0000000000000000FFFF00000100007F";

export interface ListeningSocket {
  address: string;
  port: number;
  isLoopback: boolean;
}

/** What a process listens on, by Linux's own account in `/proc`. */
export function listeningSockets(pid: number): ListeningSocket[] {
  const inodes = inodesOf(pid);
  const rows = ["tcp", "tcp6"].flatMap((table) =>
    readFileSync(`/proc/${pid}/net/${table}`, "utf8").trim().split("\n").slice(1),
  );
  return rows
    .map((row) => row.trim().split(/\s+/))
    .filter(([, , , state, , , , , , inode = ""]) => state === LISTENING && inodes.has(inode))
    .map(([, local = ""]) => {
      const [address = "", port = ""] = local.split(":");
      const isLoopback = [LOOPBACK_V4, LOOPBACK_V6, LOOPBACK_V4_IN_V6].includes(address);
      return { address, port: Number.parseInt(port, 16), isLoopback };
    });
}

function inodesOf(pid: number): Set<string> {
  const links = readdirSync(`/proc/${pid}/fd`).map((descriptor) => {
    try {
      return readlinkSync(`/proc/${pid}/fd/${descriptor}`);
    } catch {
      return "";
    }
  });
  return new Set(links.map((link) => /^socket:\[(\d+)\]$/.exec(link)?.[1] ?? ""));
}
