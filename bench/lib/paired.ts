import { median } from "./statistics.ts";

/** Some work, repeated as often as it is told. */
export type Work = (repetitions: number) => unknown;

/** How a pair is measured. */
export interface PairOptions {
  /** How often they take turns, after one turn for the compiler. @default 11 */
  rounds?: number;
  /**
   * How much CPU time a turn takes at least: long enough that the clock's grain does not matter, and for work that fills
   * the heap, that no turn is the one that pays for the collection of all. @default 250
   */
  segmentMs?: number;
}

/**
 * How much CPU time `subject` takes for one that `peer` takes: the two take turns (A B A B …), and the median of the
 * rounds' ratios is what counts, so that whatever else the machine does weighs on both alike.
 */
export async function pairedCpuRatio(
  subject: Work,
  peer: Work,
  { rounds = 11, segmentMs = 250 }: PairOptions = {},
): Promise<number> {
  const repetitions = {
    subject: await calibrate(subject, segmentMs),
    peer: await calibrate(peer, segmentMs),
  };
  const ratios: number[] = [];
  for (let round = 0; round <= rounds; round += 1) {
    const subjectMs = (await cpuMs(subject, repetitions.subject)) / repetitions.subject;
    const peerMs = (await cpuMs(peer, repetitions.peer)) / repetitions.peer;
    // The first one pays for the compiler, which is still at work on both.
    if (round > 0) ratios.push(subjectMs / peerMs);
  }
  return median(ratios);
}

/** CPU time of some work in milliseconds, user and system. */
async function cpuMs(work: Work, repetitions = 1): Promise<number> {
  const before = process.cpuUsage();
  await work(repetitions);
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1_000;
}

/** How many repetitions fill a segment; it warms the code up on the way. */
async function calibrate(work: Work, segmentMs: number): Promise<number> {
  for (let repetitions = 1; ; ) {
    const ms = await cpuMs(work, repetitions);
    if (ms >= segmentMs) return repetitions;
    const factor = ms <= 1 ? 10 : Math.min(10, Math.max(1.3, (1.2 * segmentMs) / ms));
    repetitions = Math.ceil(repetitions * factor);
  }
}

/** Runs `call` so often, so many at a time. */
export async function inParallel(
  repetitions: number,
  concurrency: number,
  call: () => Promise<unknown>,
): Promise<void> {
  let left = repetitions;
  const lane = async () => {
    while (left > 0) {
      left -= 1;
      await call();
    }
  };
  await Promise.all(Array.from({ length: Math.min(concurrency, repetitions) }, lane));
}
