import type { FileHandle } from "node:fs/promises";
import type { RowSample } from "../rows/row.ts";

/** Keeps samples between the two passes: which of them become rows is only known when all were seen. */
export interface Spool {
  append(sample: RowSample): Promise<void>;
  /** The sample with this number, counted from 0. */
  read(number: number): Promise<RowSample>;
  /** Removes what was kept. */
  dispose(): Promise<void>;
}

/** In memory, for datasets that stay there. */
export function memorySpool(): Spool {
  const samples: RowSample[] = [];
  return {
    append: async (sample) => {
      samples.push(sample);
    },
    read: async (number) => samples[number] as RowSample,
    dispose: async () => {
      samples.length = 0;
    },
  };
}

const bufferBytes = 256 * 1024;

/** In a file that only its owner may read. Samples are scrubbed before they come here: no secret touches the disk. */
export async function fileSpool(path: string): Promise<Spool> {
  const { open, rm } = await import("node:fs/promises");
  const handle = await open(path, "wx+", 0o600);
  const places = new Places();
  let gathered: Buffer[] = [];
  let gatheredBytes = 0;

  async function flush(): Promise<void> {
    const bytes = Buffer.concat(gathered);
    gathered = [];
    gatheredBytes = 0;
    // Not `write`, which may write a part.
    await handle.writeFile(bytes);
  }

  return {
    async append(sample) {
      const bytes = Buffer.from(JSON.stringify(sample), "utf8");
      places.add(bytes.length);
      gathered.push(bytes);
      gatheredBytes += bytes.length;
      if (gatheredBytes >= bufferBytes) await flush();
    },
    async read(number) {
      if (gatheredBytes > 0) await flush();
      const { offset, length } = places.at(number);
      return JSON.parse(await readAt(handle, offset, length)) as RowSample;
    },
    async dispose() {
      await handle.close();
      await rm(path, { force: true });
    },
  };
}

async function readAt(handle: FileHandle, offset: number, length: number): Promise<string> {
  const { buffer, bytesRead } = await handle.read(Buffer.alloc(length), 0, length, offset);
  if (bytesRead !== length)
    throw new Error("The dataset's spool file was changed while it was in use.");
  return buffer.toString("utf8");
}

/** Where each sample begins; its length follows from the next one. */
class Places {
  #starts = new Float64Array(1024);
  #count = 0;
  #end = 0;

  add(length: number): void {
    if (this.#count + 1 >= this.#starts.length) {
      const larger = new Float64Array(this.#starts.length * 2);
      larger.set(this.#starts);
      this.#starts = larger;
    }
    this.#starts[this.#count] = this.#end;
    this.#count += 1;
    this.#end += length;
    this.#starts[this.#count] = this.#end;
  }

  at(number: number): { offset: number; length: number } {
    const offset = this.#starts[number] ?? 0;
    return { offset, length: (this.#starts[number + 1] ?? offset) - offset };
  }
}
