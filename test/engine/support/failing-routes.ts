import type { ArenaFaults } from "../../../examples/arena/index.ts";

/** Each route that a match needs fails so often, and then no more. */
export function failingRoutes(first: number): ArenaFaults {
  const routes = [
    "GET /api/agents",
    "POST /api/matches",
    "GET /api/matches/:id",
    "GET /api/matches/:id/rounds",
    "GET /api/matches/:id/events",
  ] as const;
  return { routes: routes.map((route) => ({ route, kind: "status", status: 503, first })) };
}
