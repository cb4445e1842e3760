import type { Hash } from "node:crypto";
import type { FileHandle } from "node:fs/promises";

/** What a file came to. */
export interface WrittenFile {
  bytes: number;
  /** SHA-256 of the file, in hex. */
  sha256: string;
}

/** How much is gathered before it is written. */
const bufferBytes = 256 * 1024;

/** A file that is written under another name and takes its own when it is complete, or never. */
export class PartialFile {
  /** Its final path. */
  readonly path: string;
  readonly #partialPath: string;
  readonly #handle: FileHandle;
  readonly #hash: Hash;
  #gathered: Uint8Array[] = [];
  #gatheredBytes = 0;
  #bytes = 0;

  private constructor(path: string, partialPath: string, handle: FileHandle, hash: Hash) {
    this.path = path;
    this.#partialPath = partialPath;
    this.#handle = handle;
    this.#hash = hash;
  }

  /** Makes an empty file beside the final one. */
  static async open(path: string): Promise<PartialFile> {
    const { open } = await import("node:fs/promises");
    const { createHash } = await import("node:crypto");
    const partialPath = `${path}.${crypto.randomUUID()}.part`;
    // Never through a file or a link that is there already.
    return new PartialFile(path, partialPath, await open(partialPath, "wx"), createHash("sha256"));
  }

  /** Adds to the file. The bytes are taken over: they must not change afterwards. */
  async write(content: string | Uint8Array): Promise<void> {
    const bytes = typeof content === "string" ? Buffer.from(content, "utf8") : content;
    this.#gathered.push(bytes);
    this.#gatheredBytes += bytes.length;
    if (this.#gatheredBytes >= bufferBytes) await this.#flush();
  }

  /** Ends the writing; the file still has its other name. */
  async finish(): Promise<WrittenFile> {
    await this.#flush();
    await this.#handle.sync();
    await this.#handle.close();
    return { bytes: this.#bytes, sha256: this.#hash.digest("hex") };
  }

  /** Gives the finished file its name. */
  async publish(): Promise<void> {
    const { rename } = await import("node:fs/promises");
    await rename(this.#partialPath, this.path);
  }

  /** Removes what was written. A file that was published stays. */
  async discard(): Promise<void> {
    const { rm } = await import("node:fs/promises");
    await this.#handle.close().catch(() => undefined);
    await rm(this.#partialPath, { force: true });
  }

  async #flush(): Promise<void> {
    const bytes = Buffer.concat(this.#gathered);
    this.#gathered = [];
    this.#gatheredBytes = 0;
    this.#hash.update(bytes);
    this.#bytes += bytes.length;
    await this.#handle.writeFile(bytes);
  }
}
