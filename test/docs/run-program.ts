/** Runs one program of a guide in a process of its own: `node run-program.ts <file>`. What it leaves open ends with it. */
import { readFileSync } from "node:fs";
import { pathToFileURL } from "node:url";
import { provideGiven } from "./given.ts";

const [, , path = ""] = process.argv;
await provideGiven(path);
const { done } = await import(pathToFileURL(path).href);
// A session that goes on in a function.
await done;
// A program that sets an exit code answers by it, a gate for one; what it throws ends this before.
process.exit(readFileSync(path, "utf8").includes("process.exitCode =") ? 0 : undefined);
