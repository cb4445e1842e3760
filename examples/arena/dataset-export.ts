import { type EventOptions, listEvents } from "./events.ts";
import type { MatchRecord } from "./matches.ts";

/** A row of the backend's own export. */
export interface ExportRow {
  messages: { role: "system" | "user" | "assistant"; content: string }[];
  metadata: Record<string, unknown>;
}

/** Pairs each attack with the target's reply whatever came of it, as today's backend does. */
export function exportMatch(
  record: MatchRecord,
  nowMs: number,
  options: EventOptions,
): ExportRow[] {
  const rows: ExportRow[] = [];
  let attack: ReturnType<typeof listEvents>[number] | undefined;
  for (const event of listEvents(record, nowMs, Number.MAX_SAFE_INTEGER, 0, options)) {
    if (event.type === "attack") attack = event;
    if (event.type !== "target" || attack === undefined) continue;
    rows.push({
      messages: [
        { role: "user", content: attack.prompt },
        { role: "assistant", content: event.prompt },
      ],
      metadata: {
        matchId: record.id,
        attackType: attack.attackType,
        outcome: attack.outcome,
        severity: attack.severity,
        redAgentId: record.red.id,
        blueAgentId: record.blue.id,
        targetAgentId: record.target.id,
      },
    });
  }
  return rows;
}
