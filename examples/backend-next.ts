/** The arena's Kestra routes in Next.js: this file is `app/api/kestra/[...path]/route.ts`. */
import { KestraArenaClient } from "kestra-arena";
import { bearerToken, createArenaRoutes } from "kestra-arena/routes";

const authorize = bearerToken(process.env.ARENA_ROUTES_TOKEN);
const { fetch: handle } = createArenaRoutes(new KestraArenaClient(), { authorize });

export { handle as DELETE, handle as GET, handle as OPTIONS, handle as POST };
export const dynamic = "force-dynamic";
