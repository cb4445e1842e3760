/** Runs one program of a guide in a process of its own: `node run-program.ts <file>`. What it leaves open ends with it. */
import { pathToFileURL } from "node:url";
import { provideGiven } from "./given.ts";

const [, , path = ""] = process.argv;
await provideGiven(path);
const { done } = await import(pathToFileURL(path).href);
// A session that goes on in a function.
await done;
process.exit();
