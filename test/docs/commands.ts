import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { type Command, CommanderError } from "commander";
import type { Cli } from "../../src/cli/cli.ts";
import { buildProgram } from "../../src/cli/program.ts";
import { type Block, root } from "./pages.ts";

const { scripts, bin } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));

/** Programs that a reader has anyway. */
const common = new Set(["cd", "curl", "export", "git", "jq", "node", "openssl", "psql", "tslab"]);

/** The commands of a `sh` block, a word list each: comments, continued lines, pipes and variables taken apart. */
export function readCommands({ code }: Block): string[][] {
  return code
    .replaceAll("\\\n", " ")
    .split(/\n|&&|\|/)
    .map((line) => line.replace(/(^|\s)#.*$/, "").trim())
    .filter((line) => line !== "")
    .map((line) => (line.match(/'[^']*'|"[^"]*"|\S+/g) ?? []).filter((word) => word !== ">"))
    .map((words) => words.slice(words.findIndex((word) => !/^[A-Z_]+=/.test(word))));
}

/** What is wrong with a command: `undefined` when it can be run as it stands. */
export function problemOf(words: readonly string[]): string | undefined {
  const [program = "", ...args] = words;
  if (program === "npx") return problemOf(args.filter((arg) => arg !== "--yes"));
  if (program in bin) return problemOfCli(args);
  if (program === "npm") return problemOfNpm(args);
  if (program === "docker") return problemOfFile(args[args.indexOf("-f") + 1]);
  if (common.has(program)) {
    const files = args.filter((arg) => /^(examples|scripts|bench|test)\//.test(arg));
    return files.map(problemOfFile).find((problem) => problem !== undefined);
  }
  return known.has(program) ? undefined : `${program} is no program that a reader has`;
}

/** Programs that a guide has installed before. */
const known = new Set(["esbuild", "ts-node", "tsx", "tsc", "oumi", "bun", "deno"]);

function problemOfNpm([command = "", ...args]: readonly string[]): string | undefined {
  if (command === "install" || command === "ci" || command === "pack") return undefined;
  const name = command === "run" ? args[0] : command;
  return name !== undefined && name in scripts ? undefined : `npm run ${name} does not exist`;
}

function problemOfFile(path: string | undefined): string | undefined {
  return path !== undefined && existsSync(join(root, path)) ? undefined : `${path} does not exist`;
}

/** Asks the command line's own parser, with nothing behind it. */
function problemOfCli(args: readonly string[]): string | undefined {
  const program = buildProgram({ configure() {} } as unknown as Cli);
  for (const command of withSubcommands(program)) {
    command.exitOverride().configureOutput({ writeOut() {}, writeErr() {} });
    if (command.commands.length === 0) command.action(() => {});
  }
  try {
    program.parse(["--no-env", ...args.map((arg) => arg.replaceAll(/^['"]|['"]$/g, ""))], {
      from: "user",
    });
    return undefined;
  } catch (error) {
    if (error instanceof CommanderError && error.exitCode === 0) return undefined;
    return error instanceof Error ? error.message : String(error);
  }
}

function withSubcommands(command: Command): Command[] {
  return [command, ...command.commands.flatMap(withSubcommands)];
}
