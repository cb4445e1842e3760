import { execFile } from "node:child_process";
import { mkdtemp, readdir, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
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

/** An empty project outside the repository, with these packages installed. */
export class Project {
  readonly folder: string;

  private constructor(folder: string) {
    this.folder = folder;
  }

  /** @param packages - Tarballs, or `name@version`. */
  static async create(packages: readonly string[], type: "module" | "commonjs"): Promise<Project> {
    const folder = await mkdtemp(join(tmpdir(), "kestra-arena-user-"));
    const project = new Project(folder);
    await project.write("package.json", JSON.stringify({ private: true, type }));
    await run("npm", ["install", "--silent", "--no-audit", "--no-fund", ...packages], {
      cwd: folder,
    });
    return project;
  }

  async write(name: string, content: string): Promise<void> {
    await writeFile(join(this.folder, name), content);
  }

  /** Runs a program in the project. The path of Node itself is the one of the tests: a supported version. */
  async run(
    command: string,
    args: readonly string[],
    env: NodeJS.ProcessEnv = {},
  ): Promise<Printed> {
    return run(command, args, { cwd: this.folder, env: { ...process.env, ...env } });
  }

  /** The path of an installed program. */
  bin(name: string): string {
    return join(this.folder, "node_modules", ".bin", name);
  }
}
