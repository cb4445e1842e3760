import { mkdirSync } from "node:fs";
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import {
  type BuildProgress,
  buildDataset,
  type DatasetEvent,
  type DatasetFormat,
} from "../../../src/datasets/index.ts";
import { exchangeEvents, temporaryFolder } from "./support.ts";

const formats: DatasetFormat[] = ["oumi-jsonl", "openai-jsonl", "json", "parquet"];

/** Events without end, none like another. */
function* endless(): Generator<DatasetEvent, undefined> {
  for (let match = 0; ; match += 1) {
    for (let round = 0; round < 5; round += 1) {
      const words = Array.from({ length: 12 }, (_, at) =>
        ((match * 5 + round + 7) ** (at + 2) % 46_656).toString(36),
      );
      yield* exchangeEvents({ matchId: `AR-${match}`, attack: words.join(" ") });
    }
  }
}

describe("a build that ends early", () => {
  it("leaves nothing behind when it is aborted while it reads", async () => {
    const folder = await temporaryFolder();
    const abort = new AbortController();
    const onProgress = ({ events }: BuildProgress) => {
      if (events >= 3000) abort.abort(new Error("enough"));
    };

    await expect(
      buildDataset(endless(), {
        for: "red",
        kind: "sft",
        folder,
        signal: abort.signal,
        onProgress,
      }),
    ).rejects.toThrow("enough");
    expect(await readdir(folder)).toEqual([]);
  });

  it("hears of an abort from a timer, though its source never waits", async () => {
    const folder = await temporaryFolder();

    await expect(
      buildDataset(endless(), { for: "red", kind: "sft", folder, signal: AbortSignal.timeout(50) }),
    ).rejects.toMatchObject({ name: "TimeoutError" });
    expect(await readdir(folder)).toEqual([]);
  });

  it("leaves nothing behind when it is aborted while its source stalls", async () => {
    const folder = await temporaryFolder();
    const abort = new AbortController();
    async function* stalling() {
      yield* exchangeEvents({});
      abort.abort(new Error("enough"));
      await new Promise(() => {});
    }

    await expect(
      buildDataset(stalling(), { for: "red", kind: "sft", folder, signal: abort.signal }),
    ).rejects.toThrow("enough");
    expect(await readdir(folder)).toEqual([]);
  });

  it("leaves nothing behind when it is aborted while it writes", async () => {
    const folder = await temporaryFolder();
    const abort = new AbortController();
    const phases = new Set<string>();
    const onProgress = ({ phase, rows }: BuildProgress) => {
      phases.add(phase);
      if (rows >= 1000) abort.abort(new Error("enough"));
    };
    const source = endless().take(9000);

    await expect(
      buildDataset(source, {
        for: "red",
        kind: "sft",
        folder,
        formats,
        signal: abort.signal,
        onProgress,
      }),
    ).rejects.toThrow("enough");
    expect(phases).toEqual(new Set(["read", "write"]));
    expect(await readdir(folder)).toEqual([]);
  });

  it("leaves nothing behind when the source fails", async () => {
    const folder = await temporaryFolder();
    async function* failing() {
      yield* exchangeEvents({});
      throw new Error("the arena is gone");
    }

    await expect(buildDataset(failing(), { for: "red", kind: "sft", folder })).rejects.toThrow(
      "the arena is gone",
    );
    expect(await readdir(folder)).toEqual([]);
  });

  it("leaves nothing behind when a file cannot be made", async () => {
    const folder = await temporaryFolder();
    const onProgress = () => mkdirSync(join(folder, "red-sft.train.jsonl"), { recursive: true });

    await expect(
      buildDataset(exchangeEvents({}), { for: "red", kind: "sft", folder, onProgress }),
    ).rejects.toThrow();
    expect(await readdir(folder)).toEqual(["red-sft.train.jsonl"]);
  });

  it("does not begin when the signal is aborted already", async () => {
    let isRead = false;
    function* source() {
      isRead = true;
      yield* exchangeEvents({});
    }

    await expect(
      buildDataset(source(), { for: "red", kind: "sft", signal: AbortSignal.abort() }),
    ).rejects.toMatchObject({ name: "AbortError" });
    expect(isRead).toBe(false);
  });
});
