import { uuidFrom } from "./random.ts";
import type { Strengths } from "./strengths.ts";
import type { Agent, Metadata } from "./types.ts";

/** What can become of a job. `unknown`: the backend has no Oumi API to ask. */
export const jobEnds = ["succeeds", "fails", "cancelled", "unknown", "never-ends"] as const;
type JobEnd = (typeof jobEnds)[number];

interface JobRecord {
  jobId: string;
  agentId: string;
  datasetId: string;
  config: Metadata;
  modelId: string;
  end: JobEnd;
  createdAtMs: number;
}

/** A job as `GET /api/oumi/fine-tune/:jobId` answers it. */
interface JobState {
  jobId: string;
  status: "queued" | "running" | "succeeded" | "completed" | "failed" | "cancelled" | "unknown";
  /** 0–100. */
  progress?: number;
  modelId?: string;
  message: string;
}

export interface FineTuning {
  start(agent: Agent, datasetId: string, config: Metadata, end: JobEnd): JobRecord;
  get(jobId: string): JobRecord | undefined;
  state(job: JobRecord, nowMs: number): JobState;
}

export interface FineTuningOptions {
  seed: number;
  timeScale: number;
  strengths: Strengths;
  now: () => number;
  /** The word for a job that went well. */
  successWord: "succeeded" | "completed";
}

// In the arena's own time, before its time scale.
const queuedMs = 1000;
const trainingMs = 9000;

/** Fine-tuning jobs that take time and whose model makes an agent of its type really stronger. */
export function createFineTuning(options: FineTuningOptions): FineTuning {
  const jobs = new Map<string, JobRecord>();

  return {
    start(agent, datasetId, config, end) {
      const number = jobs.size + 1;
      const modelId = `${agent.model}-${agent.type}-tuned-${String(number).padStart(3, "0")}`;
      const jobId = `job-${uuidFrom(options.seed, "job", number).slice(0, 13)}`;
      const createdAtMs = options.now();
      const job = { jobId, agentId: agent.id, datasetId, config, modelId, end, createdAtMs };
      jobs.set(jobId, job);
      if (end === "succeeds") options.strengths.tune(modelId, agent);
      return job;
    },
    get: (jobId) => jobs.get(jobId),
    state: (job, nowMs) => stateOf(job, nowMs - job.createdAtMs, options),
  };
}

function stateOf(
  { jobId, end, modelId }: JobRecord,
  elapsedMs: number,
  { timeScale, successWord }: FineTuningOptions,
): JobState {
  if (end === "unknown") {
    return { jobId, status: "unknown", message: "No Oumi API is configured." };
  }
  const trainedMs = elapsedMs - queuedMs * timeScale;
  if (trainedMs < 0) return { jobId, status: "queued", progress: 0, message: "Job queued" };
  const share = timeScale === 0 ? 1 : Math.min(trainedMs / (trainingMs * timeScale), 1);
  if (end === "never-ends" || share < 1) {
    const progress = Math.min(Math.floor(share * 100), 99);
    return { jobId, status: "running", progress, message: "Training" };
  }
  if (end === "fails") return { jobId, status: "failed", message: "Training failed: loss is NaN" };
  if (end === "cancelled") return { jobId, status: "cancelled", message: "Job cancelled" };
  return { jobId, status: successWord, progress: 100, modelId, message: "Training complete" };
}
