import { readFile, writeFile } from "node:fs/promises";
import { Command } from "commander";
import { messageOf } from "../../errors/message-of.ts";
import type { Cli, CliCommand } from "../cli.ts";
import { UsageError } from "../exit-codes.ts";
import { examples } from "../help.ts";
import { plain } from "../output.ts";
import { readText } from "../read-files.ts";
import { readDeclaredFlow } from "../types/declared-flow.ts";
import { madeBy, writeDefinition } from "../types/write-definition.ts";

interface TypesCommandOptions {
  out?: string;
  anyNamespace?: boolean;
}

/** `kestra-arena types` */
export const typesCommand: CliCommand = (cli) =>
  new Command("types")
    .description("write a typed definition of any flow, from its inputs and outputs")
    .argument("<flow>", "a flow's YAML file, or the id of a flow in the namespace")
    .option("-o, --out <file>", "write it there instead of to standard output")
    .option("--any-namespace", "leave the namespace to the client instead of naming the flow's own")
    .addHelpText(
      "after",
      examples(
        "kestra-arena types flows/greet.yml -o src/greet.ts",
        "kestra-arena types greet --namespace team.red > src/greet.ts",
      ),
    )
    .action(async (flow: string, { out, anyNamespace = false }: TypesCommandOptions) => {
      const { source, from } = await readSource(cli, flow);
      const declared = await readDeclaredFlow(source, from);
      const { code, unknown } = writeDefinition(declared, { from, isAnywhere: anyNamespace });
      if (unknown.length > 0) {
        const names = plain(unknown.join(", "));
        cli.output.note(`Of types that kestra-arena does not know, and left open: ${names}.`);
      }
      if (out !== undefined) await write(out, code);
      const { id: flowId, namespace } = declared;
      const text = out === undefined ? code.trimEnd() : `Wrote ${out}`;
      cli.output.result({ flowId, namespace, file: out, unknown, code }, text);
    });

async function readSource(cli: Cli, flow: string): Promise<{ source: string; from: string }> {
  if (/\.ya?ml$/i.test(flow)) {
    return { source: await readText(cli, flow), from: flow };
  }
  const client = await cli.client();
  const { namespace } = client.options;
  const found = await client.kestra.flows.get(namespace, flow, { signal: cli.interrupted });
  return {
    source: found.source ?? "",
    from: `${namespace}.${flow}, revision ${found.revision ?? "unknown"}`,
  };
}

/** Writes over what this command has made, and over nothing else. */
async function write(file: string, code: string): Promise<void> {
  const before = await readFile(file, "utf8").catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return undefined;
    throw new UsageError(`${file} cannot be written: ${error.message}`);
  });
  if (before !== undefined && !before.startsWith(madeBy)) {
    throw new UsageError(`${file} holds something else. Name another file, or remove it.`);
  }
  try {
    await writeFile(file, code);
  } catch (error) {
    throw new UsageError(`${file} cannot be written: ${messageOf(error)}`);
  }
}
