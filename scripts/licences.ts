/**
 * `npm run licences`: writes THIRD-PARTY.md, the licences of all that the package brings along. With `--check` it only
 * says whether the file is true, and refuses a licence that a user would have to think about.
 */
import { globSync, readFileSync, writeFileSync } from "node:fs";
import { isBuiltin } from "node:module";
import { fileURLToPath } from "node:url";

/** Licences that ask for no more than their notice. */
const permissive = new Set(["MIT", "ISC", "Apache-2.0", "BSD-2-Clause", "BSD-3-Clause", "0BSD"]);

const at = (path: string) => fileURLToPath(new URL(`../${path}`, import.meta.url));
const read = (path: string) => readFileSync(at(path), "utf8");
const { dependencies, peerDependencies } = JSON.parse(read("package.json"));
const lock = JSON.parse(read("package-lock.json")).packages;

const text = render();
const refused = [...installed(), ...bundled()].filter((name) => !permissive.has(licenceOf(name)));
if (refused.length > 0) {
  console.error(`Look at these licences before they are brought along: ${refused.join(", ")}.`);
  process.exitCode = 1;
} else if (!process.argv.includes("--check")) {
  writeFileSync(at("THIRD-PARTY.md"), text);
  console.log("Wrote THIRD-PARTY.md.");
} else if (read("THIRD-PARTY.md") !== text) {
  console.error("THIRD-PARTY.md is not what is installed: npm run licences.");
  process.exitCode = 1;
}

/** The dependencies with theirs: what \`npm install kestra-arena\` brings. */
function installed(): string[] {
  const found = new Set<string>();
  const visit = (names: readonly string[]) => {
    for (const name of names) {
      if (found.has(name)) continue;
      found.add(name);
      visit(Object.keys(lock[`node_modules/${name}`]?.dependencies ?? {}));
    }
  };
  visit(Object.keys(dependencies));
  return [...found].sort();
}

/** What is imported by the sources and no dependency is inside the built files. */
function bundled(): string[] {
  const imported = globSync(at("src/**/*.ts")).flatMap((file) =>
    [
      ...readFileSync(file, "utf8").matchAll(
        /^(?:import|export) (?!type\b).*?from "([^".][^"]*)"/gms,
      ),
    ].map(([, name = ""]) =>
      name
        .split("/")
        .slice(0, name.startsWith("@") ? 2 : 1)
        .join("/"),
    ),
  );
  const isOurs = (name: string) =>
    isBuiltin(name) || name === "kestra-arena" || name in dependencies || name in peerDependencies;
  return [...new Set(imported)].filter((name) => !isOurs(name)).sort();
}

function licenceOf(name: string): string {
  return JSON.parse(read(`node_modules/${name}/package.json`)).license ?? "none is named";
}

function render(): string {
  const list = (names: readonly string[]) =>
    names.map((name) => `- ${name}: ${licenceOf(name)}`).join("\n");
  const notices = bundled().map(
    (name) => `### ${name}\n\n\`\`\`text\n${read(`node_modules/${name}/LICENSE`).trim()}\n\`\`\``,
  );
  return `# Third-party software

Written by \`npm run licences\`, and checked by the tests.

## Installed with the package

${list(installed())}

## Installed by you, for what needs it

${list(Object.keys(peerDependencies).sort())}

## Inside the built files

${notices.join("\n\n")}
`;
}
