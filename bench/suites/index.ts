import type { Suite } from "../lib/goal.ts";
import { calls } from "./calls.ts";
import { follow } from "./follow.ts";
import { schemas } from "./schemas.ts";
import { size } from "./size.ts";
import { startUp } from "./start-up.ts";
import { watch } from "./watch.ts";

/** All suites, in the order of their goals. */
export const suites: readonly Suite[] = [startUp, size, calls, watch, follow, schemas];
