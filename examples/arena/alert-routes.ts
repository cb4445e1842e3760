import { Hono } from "hono";
import { isoTime } from "./matches.ts";
import { alertBody, readBody } from "./validation.ts";

/** An alert that the arena took. */
export interface AlertRecord {
  /** ISO 8601. */
  receivedAt: string;
  /** What was sent: `match_id`, `severity`, `critical_vulnerabilities` and whatever else. */
  body: Record<string, unknown>;
}

export function alertRoutes(alerts: AlertRecord[], now: () => number): Hono {
  return new Hono().post("/", async (context) => {
    const body = await readBody(context, alertBody);
    alerts.push({ receivedAt: isoTime(now()), body });
    return context.json({ message: "Alert received" }, 201);
  });
}
