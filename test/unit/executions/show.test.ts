import { inspect } from "node:util";
import { describe, expect, it } from "vitest";
import { KestraArenaClient } from "../../../src/index.ts";
import { greet } from "../../support/test-flow.ts";

const jupyterDisplay = Symbol.for("Jupyter.display");

function handle(id: string) {
  const arena = new KestraArenaClient({ url: "http://kestra.test", line: "2" });
  return arena.executions.get("batch-evaluation", id);
}

describe("an execution in a notebook", () => {
  it("says in a terminal what it is, how it stands and where to see it, and nothing else", () => {
    const url = "http://kestra.test/ui/main/executions/ai-arena/batch-evaluation/run1";
    expect(inspect(handle("run1"))).toBe(
      `Execution run1 of batch-evaluation: state not read yet\n${url}`,
    );
    expect(inspect({ runs: [handle("run1")] })).toContain("Execution run1 of batch-evaluation");
  });

  it("shows itself as HTML with a link, by toHTML and to Deno's kernel", () => {
    const execution = handle("run1");
    const display = (execution as unknown as Record<symbol, () => unknown>)[jupyterDisplay];
    expect(execution.toHTML()).toContain(
      '<a href="http://kestra.test/ui/main/executions/ai-arena/batch-evaluation/run1">',
    );
    expect(display?.call(execution)).toEqual({
      "text/html": execution.toHTML(),
      "text/plain": inspect(execution),
    });
  });

  it("makes no link of an address that is none of the web", async () => {
    const url = "javascript:alert(1)";
    const state = { current: "CREATED" };
    const created = { id: "run1", namespace: "ai-arena", flowId: "greet", state, url };
    const fetch = async () => Response.json(created);
    const arena = new KestraArenaClient({ url: "http://kestra.test", line: "2", fetch });
    const html = (await arena.start(greet, { who: "Ada" })).toHTML();
    expect(html).toContain(url);
    expect(html).not.toContain("href");
  });

  it("escapes what it shows, and stays what it was to loops and JSON", () => {
    const execution = handle("<img src=x onerror=alert(1)>");
    expect(execution.toHTML()).not.toContain("<img");
    expect(Object.keys(execution)).not.toContain("toHTML");
    expect(JSON.parse(JSON.stringify(execution))).toMatchObject({ flowId: "batch-evaluation" });
  });
});
