/** The arena's Kestra routes in a Fastify backend. */
import { getRequestListener } from "@hono/node-server";
import { fastify } from "fastify";
import { KestraArenaClient } from "kestra-arena";
import { bearerToken, createArenaRoutes } from "kestra-arena/routes";

const authorize = bearerToken(process.env.ARENA_ROUTES_TOKEN);
const routes = createArenaRoutes(new KestraArenaClient(), { authorize });
const listener = getRequestListener(routes.fetch, { overrideGlobalObjects: false });

const app = fastify();
// A plugin of its own, so that the rest of the backend keeps Fastify's reading of bodies.
app.register(async (kestra) => {
  kestra.removeAllContentTypeParsers();
  kestra.addContentTypeParser("*", (_request, _payload, done) => done(null));
  kestra.all("/api/kestra/*", (request, reply) => {
    reply.hijack();
    return listener(request.raw, reply.raw);
  });
});
await app.listen({ port: Number(process.env.PORT ?? 3001), host: "127.0.0.1" });
export const { server } = app;
