import { execFile } from "node:child_process";
import { cp, mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

const run = promisify(execFile);

/** The repository. */
export const root = fileURLToPath(new URL("../..", import.meta.url));

/** What a command printed. */
export interface Printed {
  stdout: string;
  stderr: string;
}

/** Packs what would be published, as it was built before the tests. @returns the tarball's path. */
export async function packTarball(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "kestra-arena-pack-"));
  await run("npm", ["pack", "--silent", "--pack-destination", folder], { cwd: root });
  const [tarball] = await readdir(folder);
  if (tarball === undefined) throw new Error("npm pack made no tarball");
  return join(folder, tarball);
}

/** Removes a tarball with its folder. */
export async function removeTarball(tarball: string): Promise<void> {
  await rm(dirname(tarball), { recursive: true, force: true });
}

/** A project outside the repository that has the package installed from its tarball. */
export class Project {
  readonly folder: string;

  private constructor(folder: string) {
    this.folder = folder;
  }

  /** An empty folder, in which these are installed as a stranger does it. @param packages - Tarballs, or `name@version`. */
  static async create(packages: readonly string[]): Promise<Project> {
    const folder = await mkdtemp(join(tmpdir(), "kestra-arena-empty-"));
    await install(folder, ["install", ...packages]);
    return new Project(folder);
  }

  /** The pinned user of the package in `user/`, with all that it is run and compiled by. */
  static async createUser(tarball: string): Promise<Project> {
    const folder = await mkdtemp(join(tmpdir(), "kestra-arena-user-"));
    await cp(new URL("user/", import.meta.url), folder, { recursive: true });
    await install(folder, ["ci"]);
    await install(folder, ["install", "--no-save", tarball]);
    return new Project(folder);
  }

  async write(name: string, content: string): Promise<void> {
    await writeFile(join(this.folder, name), content);
  }

  /** Runs a program in the project. */
  async run(
    command: string,
    args: readonly string[],
    env: NodeJS.ProcessEnv = {},
  ): Promise<Printed> {
    return run(command, args, { cwd: this.folder, env: { ...process.env, ...env } });
  }

  /** Removes it: with all that it is run by, it takes 700 MB. */
  async remove(): Promise<void> {
    await rm(this.folder, { recursive: true, force: true });
  }

  /** The path of an installed program, or of a file of an installed package. */
  path(...parts: string[]): string {
    return join(this.folder, "node_modules", ...parts);
  }
}

async function install(folder: string, args: readonly string[]): Promise<void> {
  const quiet = ["--silent", "--no-audit", "--no-fund", "--prefer-offline"];
  await run("npm", [...args, ...quiet], { cwd: folder });
}
