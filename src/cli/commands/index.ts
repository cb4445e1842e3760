/** Every command, in the order of the help: one file each, one line here. */
import type { CliCommand } from "../cli.ts";
import { cancelCommand } from "./cancel.ts";
import { compareCommand } from "./compare.ts";
import { datasetCommand } from "./dataset.ts";
import { deployCommand } from "./deploy.ts";
import { diffCommand } from "./diff.ts";
import { doctorCommand } from "./doctor.ts";
import { evaluateCommand } from "./evaluate.ts";
import { listCommand } from "./list.ts";
import { logsCommand } from "./logs.ts";
import { reportCommand } from "./report.ts";
import { runCommand } from "./run.ts";
import { schedulesCommand } from "./schedules.ts";
import { typesCommand } from "./types.ts";
import { validateCommand } from "./validate.ts";
import { watchCommand } from "./watch.ts";

export const commands: readonly CliCommand[] = [
  doctorCommand,
  deployCommand,
  diffCommand,
  validateCommand,
  runCommand,
  watchCommand,
  logsCommand,
  listCommand,
  cancelCommand,
  schedulesCommand,
  evaluateCommand,
  reportCommand,
  compareCommand,
  datasetCommand,
  typesCommand,
];
