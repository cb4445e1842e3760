import { readFileSync } from "node:fs";
import { join } from "node:path";

/** The version that would be released. */
export function versionOf(folder: string): string {
  return JSON.parse(readFileSync(join(folder, "package.json"), "utf8")).version;
}

/** What is wrong with the version, in words: where it is told otherwise, and what has not been written down. */
export function problemsOfVersion(folder: string): string[] {
  const read = (name: string) => readFileSync(join(folder, name), "utf8");
  const version = versionOf(folder);
  const problems: string[] = [];
  if (!read("src/version.ts").includes(`"${version}"`)) {
    problems.push(`src/version.ts does not say ${version}`);
  }
  if (JSON.parse(read("package-lock.json")).version !== version) {
    problems.push(`package-lock.json does not say ${version}: npm install`);
  }
  const changelog = read("CHANGELOG.md");
  const [newest] = [...changelog.matchAll(/^## \[(\d[^\]]*)\]/gm)].map(([, name]) => name);
  if (newest !== version) {
    problems.push(`CHANGELOG.md's newest version is ${newest}, package.json's ${version}`);
  }
  const section = changelog.split(`## [${version}]`)[1]?.split("\n## ")[0] ?? "";
  if (!/^- /m.test(section)) problems.push(`CHANGELOG.md says nothing of ${version}`);
  return problems;
}

/** What stands in the changelog above the newest version, and would be released without being named. */
export function unreleasedOf(folder: string): string {
  const changelog = readFileSync(join(folder, "CHANGELOG.md"), "utf8");
  return (changelog.split("## [Unreleased]")[1]?.split("\n## ")[0] ?? "").trim();
}
