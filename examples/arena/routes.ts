/** The arena's routes as counters and faults name them. */
export const arenaRoutes = [
  "GET /health",
  "GET /api/agents",
  "POST /api/agents",
  "GET /api/agents/:id",
  "PATCH /api/agents/:id",
  "DELETE /api/agents/:id",
  "GET /api/matches",
  "POST /api/matches",
  "GET /api/matches/:id",
  "GET /api/matches/:id/events",
  "GET /api/matches/:id/rounds",
  "GET /api/matches/:id/transcript",
  "POST /api/matches/:id/pause",
  "POST /api/matches/:id/resume",
  "POST /api/oumi/export-dataset",
  "POST /api/oumi/fine-tune",
  "GET /api/oumi/fine-tune/:jobId",
  "POST /api/alerts",
] as const;
export type ArenaRoute = (typeof arenaRoutes)[number];
