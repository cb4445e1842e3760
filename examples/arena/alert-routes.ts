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

interface AlertRouteParts {
  alerts: AlertRecord[];
  /** Without it the route answers as if it did not exist, as in today's backend. */
  takesAlerts: boolean;
  now: () => number;
}

export function alertRoutes({ alerts, takesAlerts, now }: AlertRouteParts): Hono {
  return new Hono().post("/", async (context) => {
    if (!takesAlerts) return context.notFound();
    const body = await readBody(context, alertBody);
    alerts.push({ receivedAt: isoTime(now()), body });
    return context.json({ message: "Alert received" }, 201);
  });
}
