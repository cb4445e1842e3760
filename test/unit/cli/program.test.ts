import { describe, expect, it } from "vitest";
import { commands } from "../../../src/cli/commands/index.ts";
import { exitCodeOf, exitCodes } from "../../../src/cli/exit-codes.ts";
import { describeDuration, parseDuration } from "../../../src/cli/option-parsers.ts";
import { plain } from "../../../src/cli/output.ts";
import { createBench } from "./run.ts";

const bench = createBench();
const names = [
  "doctor",
  "deploy",
  "diff",
  "validate",
  "run",
  "watch",
  "logs",
  "list",
  "cancel",
  "schedules",
];

describe("--help", () => {
  it("lists every command, the environment and the exit codes, with examples", async () => {
    const { code, stdout, stderr } = await bench.run(["--help"]);
    expect(code).toBe(0);
    expect(stderr).toBe("");
    for (const name of names) expect(stdout).toMatch(new RegExp(`^ {2}${name}\\b`, "m"));
    expect(stdout).toContain("Examples:");
    expect(stdout).toContain("KESTRA_PASSWORD");
    expect(stdout).toContain("130  interrupted");
  });

  it.each(names)("of %s teaches by example", async (name) => {
    const { code, stdout } = await bench.run([name, "--help"]);
    expect(code).toBe(0);
    expect(stdout).toContain(`kestra-arena ${name}`);
    expect(stdout).toContain("Examples:");
    expect(stdout).toContain("--json");
  });

  it("asks Kestra nothing", () => {
    expect(bench.kestra.calls).toEqual([]);
  });
});

describe("the command line", () => {
  it.each([
    [["lst"], "Did you mean list"],
    [["run"], "missing required argument 'flow'"],
    [["list", "--limit", "0"], "whole number"],
    [["list", "--nothing"], "unknown option '--nothing'"],
    [["watch", "x", "--timeout", "soon"], "90s, 10m or 2h"],
    [["logs", "x", "--min-level", "LOUD"], "Allowed choices"],
    [["--line", "3", "list"], "Allowed choices"],
    [["deploy", "--var", "x"], "name=value"],
  ])("%j ends with 2 and says why", async (args, why) => {
    const { code, stderr, stdout } = await bench.run(args);
    expect(code).toBe(2);
    expect(stdout).toBe("");
    expect(stderr).toContain(why);
  });

  it("hands its options to the client, before and after the command alike", async () => {
    const { run, clientOptions } = createBench();
    await run([
      "--url",
      "http://a.test",
      "list",
      "--tenant",
      "t",
      "--namespace",
      "n",
      "--line",
      "2",
    ]);
    expect(clientOptions).toEqual([
      expect.objectContaining({ url: "http://a.test", tenant: "t", namespace: "n", line: "2" }),
    ]);
  });

  it("has no option for a credential, which others could read there", () => {
    const options = commands.flatMap((command) => {
      // biome-ignore lint/suspicious/noExplicitAny: only the options are looked at.
      return command({} as any).options.map(({ flags }) => flags);
    });
    expect(options.join(" ")).not.toMatch(/password|token|api-?key|user/i);
  });

  it("prints its version", async () => {
    expect((await bench.run(["--version"])).stdout).toMatch(/^\d+\.\d+\.\d+\n$/);
  });
});

describe("the exit code", () => {
  it("of a fault of the program itself is none of the others", () => {
    expect(exitCodeOf(new TypeError("x"))).toBe(exitCodes.internal);
  });
});

describe("a duration", () => {
  it("is read and told", () => {
    expect([parseDuration("90s"), parseDuration("10m"), parseDuration("1.5h")]).toEqual([
      90_000, 600_000, 5_400_000,
    ]);
    expect([89_000, 600_000, 7_500_000].map(describeDuration)).toEqual([
      "89 s",
      "10 min",
      "2 h 5 min",
    ]);
  });
});

describe("plain()", () => {
  it("takes out what steers a terminal or turns the direction of writing", () => {
    expect(plain("a\u001b[31mb\u001b[0m\u0007\u202e\u2066\r\nc\u009b1m")).not.toMatch(
      // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for.
      /[\u0000-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/,
    );
  });
});
