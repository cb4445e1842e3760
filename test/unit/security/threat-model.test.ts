import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";

const root = new URL("../../../", import.meta.url);
const text = (path: string) => readFileSync(new URL(path, root), "utf8");
const rows = [...text("docs/security.md").matchAll(/\| `(test\/[^`]+\.ts)`: (.+?) +\|$/gm)];

describe("docs/security.md", () => {
  it.each(rows.map(([, file = "", name = ""]) => [name, file] as const))(
    "has a test for its line: %s (%s)",
    (name, file) => {
      const written = text(file).replaceAll(/\s+/g, " ");
      const quoted = ['"', "`", "'"].some((quote) => written.includes(`${quote}${name}${quote}`));
      expect(quoted, `${file} has no test "${name}"`).toBe(true);
    },
  );

  it("has a test for every threat", () => {
    const threats = text("docs/security.md")
      .split("\n")
      .filter((line) => line.startsWith("| ") && !/^\| (threat|---)/.test(line));
    expect(rows.length).toBe(threats.length);
    expect(rows.length).toBeGreaterThan(40);
  });

  it("names every dependency that the package has at run time", () => {
    const { dependencies } = JSON.parse(text("package.json"));
    const { packages } = JSON.parse(text("package-lock.json"));
    for (const name of Object.keys(dependencies)) {
      expect(text("docs/security.md")).toContain(`\`${name}\``);
      expect(packages[`node_modules/${name}`].dependencies).toBeUndefined();
    }
    expect(Object.keys(dependencies)).toHaveLength(4);
  });
});
