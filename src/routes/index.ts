/** The public surface of `kestra-arena/routes`. */
export { type ArenaRoutes, createArenaRoutes } from "./create-routes.ts";
export type {
  ArenaRouteOptions,
  Authorization,
  Authorize,
  CorsOptions,
  RouteTarget,
} from "./options.ts";
export type { ErrorBody } from "./route-error.ts";
export { bearerToken } from "./secret.ts";
