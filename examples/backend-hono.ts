/** The arena's Kestra routes in a Hono backend. */
import { serve } from "@hono/node-server";
import { Hono } from "hono";
import { KestraArenaClient } from "kestra-arena";
import { bearerToken, createArenaRoutes } from "kestra-arena/routes";

const authorize = bearerToken(process.env.ARENA_ROUTES_TOKEN);
const routes = createArenaRoutes(new KestraArenaClient(), { authorize });

const app = new Hono();
app.route("/", routes.app);
app.get("/", (context) => context.text("The arena's backend"));
export const server = serve({
  fetch: app.fetch,
  port: Number(process.env.PORT ?? 3001),
  hostname: "127.0.0.1",
});
