import { type Command, Option } from "commander";
import type { AgentInfo, EvaluationMatrix } from "../../evaluation/index.ts";
import type { AgentCombination, MatchMode } from "../../index.ts";
import type { Cli } from "../cli.ts";
import { UsageError } from "../exit-codes.ts";
import { collect, parseCount } from "../option-parsers.ts";
import { readJson } from "../read-files.ts";
import { type AgentFinder, agentFinder } from "./find-agent.ts";

/** What is to be played, on the command line. */
export interface MatrixOptions {
  red?: string[];
  blue?: string[];
  target?: string[];
  design?: "round-robin" | "latin";
  matrix?: string;
  matches?: number;
  mode?: MatchMode;
  maxRounds?: number;
}

const modes: readonly MatchMode[] = ["quick", "standard", "deep", "continuous"];

/** Adds the options to a command. */
export function withMatrix(command: Command): Command {
  const side = (name: string) =>
    new Option(
      `--${name} <agent>`,
      `a ${name} agent by id or name; may be given many times. All of the arena's without it`,
    ).argParser(collect);
  return command
    .addOption(side("red"))
    .addOption(side("blue"))
    .addOption(side("target"))
    .addOption(
      new Option(
        "--design <design>",
        "round-robin: everybody against everybody; latin: every two agents meet, at a part of the matches",
      ).choices(["round-robin", "latin"]),
    )
    .option(
      "--matrix <file>",
      "play what this JSON file says: a list of redAgentId, blueAgentId, targetAgentId, or the inputs of batch-evaluation; - reads standard input",
    )
    .addOption(
      new Option("--matches <n>", "matches of each combination; 3 without it").argParser(
        parseCount,
      ),
    )
    .addOption(new Option("--mode <mode>", "standard without it").choices(modes))
    .addOption(
      new Option("--max-rounds <n>", "stop each match after so many rounds").argParser(parseCount),
    );
}

/**
 * What is to be played, out of the options and the arena's agents.
 *
 * @param agents - The arena's; absent where it is not asked, so that agents are known by their ids alone.
 * @throws UsageError
 */
export async function readMatrix(
  cli: Cli,
  options: MatrixOptions,
  agents: readonly AgentInfo[] | undefined,
): Promise<EvaluationMatrix> {
  const find = agentFinder(agents);
  const { matrix: path, matches, mode, maxRounds } = options;
  const asked =
    path === undefined
      ? { combinations: await combine(options, agents, find) }
      : await readFileOf(cli, path, options, find);
  return {
    ...asked,
    ...(matches !== undefined && { matchesPerCombination: matches }),
    ...(mode !== undefined && { mode }),
    ...(maxRounds !== undefined && { maxRounds }),
  };
}

async function combine(
  { red, blue, target, design }: MatrixOptions,
  agents: readonly AgentInfo[] | undefined,
  find: AgentFinder,
): Promise<AgentCombination[]> {
  const { bySide, latin, roundRobin } = await import("../../evaluation/index.ts");
  const all = bySide(agents ?? []);
  const idsOf = (side: "red" | "blue" | "target", asked: readonly string[] | undefined) => {
    const ids = asked?.map((agent) => find(side, agent)) ?? all[side].map(({ id }) => id);
    if (ids.length > 0) return ids;
    const why = agents === undefined ? "The arena is not asked" : `The arena has no ${side} agent`;
    throw new UsageError(`${why}: name at least one with --${side}.`);
  };
  const sides = {
    red: idsOf("red", red),
    blue: idsOf("blue", blue),
    target: idsOf("target", target),
  };
  return design === "latin" ? latin(sides) : roundRobin(sides);
}

/** A list of combinations, or the inputs of `batch-evaluation`, as `run --file` takes them. */
async function readFileOf(
  cli: Cli,
  path: string,
  { red, blue, target, design }: MatrixOptions,
  find: AgentFinder,
): Promise<EvaluationMatrix> {
  if ([red, blue, target, design].some((option) => option !== undefined)) {
    throw new UsageError("Give --matrix, or --red, --blue, --target and --design: one of the two.");
  }
  const value = await readJson(cli, path);
  const { combinations, agentCombinations, ...rest } = (
    Array.isArray(value) ? { combinations: value } : (value ?? {})
  ) as Record<string, unknown>;
  const list = combinations ?? agentCombinations;
  if (!Array.isArray(list) || list.length === 0) {
    throw new UsageError(
      `${path} must hold a list of combinations, or an object with agentCombinations.`,
    );
  }
  return {
    ...matrixFields(path, rest),
    combinations: list.map((combination, index) => readCombination(path, index, combination, find)),
  };
}

function readCombination(
  path: string,
  index: number,
  value: unknown,
  find: AgentFinder,
): AgentCombination {
  const { redAgentId, blueAgentId, targetAgentId } = (value ?? {}) as Record<string, unknown>;
  const agent = (side: "red" | "blue" | "target", named: unknown) => {
    if (typeof named === "string") return find(side, named);
    throw new UsageError(`${path}: combination ${index + 1} has no ${side}AgentId.`);
  };
  return {
    redAgentId: agent("red", redAgentId),
    blueAgentId: agent("blue", blueAgentId),
    targetAgentId: agent("target", targetAgentId),
  };
}

function matrixFields(path: string, fields: Record<string, unknown>) {
  const { matchesPerCombination, mode, maxRounds, ...others } = fields;
  const [other] = Object.keys(others);
  if (other !== undefined) {
    throw new UsageError(
      `${path}: ${other} is not a part of a matrix; it has combinations, matchesPerCombination, mode and maxRounds.`,
    );
  }
  if (mode !== undefined && !modes.includes(mode as MatchMode)) {
    throw new UsageError(`${path}: mode must be one of ${modes.join(", ")}.`);
  }
  return {
    ...(matchesPerCombination !== undefined && {
      matchesPerCombination: Number(matchesPerCombination),
    }),
    ...(mode !== undefined && { mode: mode as MatchMode }),
    ...(maxRounds !== undefined && { maxRounds: Number(maxRounds) }),
  };
}
