import { Command, Option } from "commander";
import type { DatasetCheck, DatasetFormat, DatasetKind } from "../../datasets/index.ts";
import type { Cli, CliCommand } from "../cli.ts";
import { exitCodes } from "../exit-codes.ts";
import { examples } from "../help.ts";
import { plain } from "../output.ts";
import { datasetBuildCommand, formats, kinds } from "./dataset-build.ts";

/** `kestra-arena dataset build|check|convert` */
export const datasetCommand: CliCommand = (cli) =>
  new Command("dataset")
    .description("build, check and convert training datasets")
    .addCommand(datasetBuildCommand(cli))
    .addCommand(checkCommand(cli))
    .addCommand(convertCommand(cli));

interface CheckCommandOptions {
  against?: string;
  format?: DatasetFormat;
  kind?: DatasetKind;
}

function checkCommand(cli: Cli): Command {
  return new Command("check")
    .description(
      "say which rows no trainer should see, by line and reason; ends with 1 when there are any",
    )
    .argument("<file>", "a file of rows, or a dataset's manifest for all of its files")
    .option("--against <file>", "the training part: rows that are in it, too, are bad")
    .addOption(new Option("--format <format>", "told by the name without it").choices(formats))
    .addOption(new Option("--kind <kind>", "told by the first row without it").choices(kinds))
    .addHelpText(
      "after",
      examples(
        "kestra-arena dataset check data/blue-kto.manifest.json",
        "kestra-arena dataset check v.jsonl --against t.jsonl --json | jq '.problems[]'",
      ),
    )
    .action(async (path: string, options: CheckCommandOptions) => {
      const { checkDataset, checkManifest } = await import("../../datasets/index.ts");
      const signal = cli.interrupted;
      if (path.endsWith(".manifest.json")) {
        const { isGood, files } = await checkManifest(path, { signal });
        if (!isGood) cli.exitCode = exitCodes.no;
        const lines = files.map(({ name, isUnchanged, check }) => {
          if (!isUnchanged) return `${plain(name)}: is not the file that the manifest tells of`;
          return check === undefined ? `${plain(name)}: unchanged` : found(name, check);
        });
        cli.output.result({ isGood, files }, lines.join("\n"));
        return;
      }
      const check = await checkDataset(path, { ...options, signal });
      if (check.badRows > 0 || check.rows === 0) cli.exitCode = exitCodes.no;
      cli.output.result(check, found(path, check));
    });
}

function found(name: string, { kind, rows, badRows, problems, remarks }: DatasetCheck): string {
  const more = badRows - problems.length;
  return [
    `${plain(name)}: ${[rows, kind, "rows"].filter((word) => word !== undefined).join(" ")}, ${badRows} bad`,
    ...problems.map(({ line, reason }) => `  line ${line}: ${plain(reason)}`),
    ...(more > 0 ? [`  and ${more} more`] : []),
    ...remarks.map((remark) => `  ${remark}`),
  ].join("\n");
}

interface ConvertCommandOptions {
  from?: DatasetFormat;
  to?: DatasetFormat;
  overwrite?: boolean;
}

function convertCommand(cli: Cli): Command {
  return new Command("convert")
    .description("write a file of rows in another format")
    .argument("<from>", "the file that is there")
    .argument("<to>", "the new one, such as rows.parquet or rows.openai.jsonl")
    .addOption(new Option("--from <format>", "told by the name without it").choices(formats))
    .addOption(new Option("--to <format>", "told by the name without it").choices(formats))
    .option("--overwrite", "replace a file that is there already")
    .addHelpText("after", examples("kestra-arena dataset convert rows.jsonl rows.parquet"))
    .action(async (from: string, to: string, options: ConvertCommandOptions) => {
      const { convertDataset } = await import("../../datasets/index.ts");
      const { from: format, ...rest } = options;
      const converted = await convertDataset(from, to, {
        ...rest,
        format,
        signal: cli.interrupted,
      });
      cli.output.result(converted, `${to}: ${converted.rows} rows, ${converted.bytes} bytes`);
    });
}
