import type { Suite } from "../lib/goal.ts";
import { calls } from "./calls.ts";
import { datasets } from "./datasets.ts";
import { engine } from "./engine.ts";
import { evaluation } from "./evaluation.ts";
import { follow } from "./follow.ts";
import { routes } from "./routes.ts";
import { schemas } from "./schemas.ts";
import { size } from "./size.ts";
import { startUp } from "./start-up.ts";
import { watch } from "./watch.ts";

/** All suites, in the order of their goals; what is measured besides comes last. */
export const suites: readonly Suite[] = [
  startUp,
  size,
  calls,
  watch,
  follow,
  schemas,
  evaluation,
  datasets,
  routes,
  engine,
];
