/** Runs one program of a guide in a process of its own: `node run-program.ts <file>`. What it leaves open ends with it. */
import { pathToFileURL } from "node:url";
import { provideGiven } from "./given.ts";

const [, , path = ""] = process.argv;
await provideGiven(path);
await import(pathToFileURL(path).href);
process.exit();
