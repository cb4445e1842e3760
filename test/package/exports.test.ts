import { join } from "node:path";
import ts from "typescript";
import { describe, expect, it } from "vitest";
import { root } from "./pack.ts";
import { entries } from "./programs.ts";

/** What each entry gives to its users. A line that goes is a breaking change. */
describe("the exports", () => {
  const files = entries.map((entry) =>
    join(root, "dist", `${entry.replace(/^kestra-arena\/?/, "") || "index"}.d.ts`),
  );
  const program = ts.createProgram(files, {
    module: ts.ModuleKind.NodeNext,
    target: ts.ScriptTarget.ES2023,
    skipLibCheck: true,
    noLib: true,
    types: [],
  });
  const checker = program.getTypeChecker();

  it.each(entries.map((entry, index) => [entry, files[index] ?? ""] as const))(
    "of %s are those that are written down",
    async (entry, file) => {
      const source = program.getSourceFile(file);
      const symbol = source && checker.getSymbolAtLocation(source);
      if (symbol === undefined) throw new Error(`${file} is no module: was the package built?`);
      const lines = checker.getExportsOfModule(symbol).map((one) => {
        const target = one.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(one) : one;
        return `${target.flags & ts.SymbolFlags.Value ? "value" : "type "}  ${one.name}\n`;
      });
      const name = entry.replace("/", "-");
      await expect(lines.sort().join("")).toMatchFileSnapshot(`exports/${name}.txt`);
    },
  );
});
