import { aboutRoutes } from "./about-routes.ts";
import { executionRoutes } from "./execution-routes.ts";
import { followRoute } from "./follow-route.ts";
import { resultRoute } from "./result-route.ts";
import type { Route } from "./route.ts";
import { scheduleRoutes } from "./schedule-routes.ts";
import { triggerRoutes } from "./trigger-routes.ts";
import { webhookRoute } from "./webhook-route.ts";

/** Every route there is. What counts something, such as the open streams, counts it for one set of routes. */
export const allRoutes = (): Route[] => [
  ...triggerRoutes(),
  ...scheduleRoutes(),
  ...executionRoutes(),
  followRoute(),
  resultRoute(),
  webhookRoute(),
  ...aboutRoutes(),
];
