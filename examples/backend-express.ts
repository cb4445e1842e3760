/** The arena's Kestra routes in an Express 5 backend. */
import { getRequestListener } from "@hono/node-server";
import express from "express";
import { KestraArenaClient } from "kestra-arena";
import { bearerToken, createArenaRoutes } from "kestra-arena/routes";

const authorize = bearerToken(process.env.ARENA_ROUTES_TOKEN);
const routes = createArenaRoutes(new KestraArenaClient(), { authorize });

const app = express();
// Before express.json(), which would read the bodies away.
app.all("/api/kestra/{*path}", getRequestListener(routes.fetch, { overrideGlobalObjects: false }));
app.use(express.json());
export const server = app.listen(Number(process.env.PORT ?? 3001), "127.0.0.1");
