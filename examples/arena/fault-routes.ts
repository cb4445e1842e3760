import { Hono } from "hono";
import { type FaultInjector, faultsSchema } from "./faults.ts";
import { readBody } from "./validation.ts";

/** Lets another process set the faults: `POST` replaces them, `DELETE` ends them. */
export function faultRoutes(faults: FaultInjector): Hono {
  return new Hono()
    .get("/", (context) => context.json(faults.current()))
    .post("/", async (context) => {
      faults.set(await readBody(context, faultsSchema));
      return context.json(faults.current());
    })
    .delete("/", (context) => {
      faults.set({});
      return context.body(null, 204);
    });
}
