/**
 * `npm run release`: everything of a release except the publication. Checks the version, the changelog and the working
 * tree, installs from the lock file, checks, tests, packs, and lets npm go through the publication without making it.
 * Then it says what is left to do by hand. `-- --skip-tests` leaves out what CI has done for this commit.
 */
import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { problemsOfVersion, unreleasedOf, versionOf } from "./release/version.ts";

const root = fileURLToPath(new URL("..", import.meta.url));
const version = versionOf(root);
const tag = `v${version}`;

const run = (command: string, ...args: string[]) => {
  console.log(`\n$ ${command} ${args.join(" ")}`);
  execFileSync(command, args, { cwd: root, stdio: "inherit" });
};
const ask = (command: string, ...args: string[]) =>
  execFileSync(command, args, { cwd: root, encoding: "utf8" }).trim();

const problems = problemsOfVersion(root);
if (unreleasedOf(root) !== "") problems.push("CHANGELOG.md has unreleased changes: name them");
if (ask("git", "status", "--porcelain") !== "") problems.push("the working tree is not clean");
if (ask("git", "tag", "--list", tag) !== "") problems.push(`the tag ${tag} exists already`);
if (problems.length > 0) {
  console.error(`kestra-arena ${version} cannot be released:\n- ${problems.join("\n- ")}`);
  process.exit(1);
}

run("npm", "ci", "--no-audit", "--no-fund");
run("npm", "audit", "--omit=dev");
run("npm", "run", "check");
if (!process.argv.includes("--skip-tests")) run("npm", "test");

mkdirSync(`${root}.cache`, { recursive: true });
const [packed] = JSON.parse(ask("npm", "pack", "--json", "--pack-destination", ".cache"));
const tarball = `.cache/${packed.filename}`;
const digest = createHash("sha512")
  .update(readFileSync(`${root}${tarball}`))
  .digest("base64");
console.log(`\n${tarball}: ${packed.files.length} files, ${packed.size} bytes, sha512-${digest}`);

// Provenance is signed by the identity of a CI job; elsewhere npm refuses it.
const isCi = "ACTIONS_ID_TOKEN_REQUEST_URL" in process.env || "SIGSTORE_ID_TOKEN" in process.env;
const provenance = isCi ? ["--provenance"] : [];
run("npm", "publish", tarball, "--dry-run", "--access", "public", ...provenance);

console.log(`
kestra-arena ${version} is ready. What is left:
  git tag --annotate ${tag} --message "kestra-arena ${version}" && git push origin ${tag}
  npm publish ${tarball} --access public${isCi ? " --provenance" : "   (from CI: with --provenance)"}`);
