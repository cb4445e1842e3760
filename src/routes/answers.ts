/** What the routes answer. The answers are built by hand; tests hold them against these. */
import * as z from "zod";
import { lazy } from "../lazy.ts";

const instant = () => z.string().meta({ description: "An ISO instant." });

const startedFields = () => ({
  executionId: z.string(),
  flowId: z.string(),
  namespace: z.string(),
  url: z.string().meta({ description: "Its page in Kestra." }),
  state: z.string().meta({ description: "Its state when it was started." }),
  started: z.enum(["new", "existing"]).meta({
    description: "existing: an earlier request with the same Idempotency-Key started it.",
  }),
});

/** An execution that was started. */
export const startedAnswer = lazy(() => z.strictObject(startedFields()));

const schedule = () => ({
  scheduleId: z.string(),
  flowId: z.string(),
  cronExpression: z.string().meta({
    description:
      "When it fires. An interval that no cron can say fires each minute, and skips what is not its turn.",
  }),
  timezone: z.string(),
  description: z.string().meta({ description: "When it fires, in words." }),
  nextRuns: z.array(instant()),
});

/** A schedule that was put in place, and its first run. */
export const scheduledAnswer = lazy(() =>
  z.strictObject({
    ...schedule(),
    ...z.strictObject(startedFields()).partial().shape,
    flowId: z.string().meta({ description: "The flow of the first run, or of the schedule." }),
  }),
);

/** A schedule. */
export const scheduleAnswer = lazy(() =>
  z.strictObject({
    ...schedule(),
    kind: z.enum(["matches", "monitor"]),
    targetAgentId: z.string().optional(),
    isPaused: z.boolean(),
    lastRun: z
      .strictObject({ executionId: z.string(), state: z.string(), startedAt: instant().optional() })
      .optional(),
  }),
);

const state = () =>
  z.strictObject({
    current: z.string(),
    startDate: instant().optional(),
    endDate: instant().optional(),
    histories: z.array(z.strictObject({ state: z.string(), date: instant() })).optional(),
  });

/** An execution. */
export const executionAnswer = lazy(() =>
  z.strictObject({
    id: z.string(),
    flowId: z.string(),
    namespace: z.string(),
    url: z.string(),
    state: state(),
    hasEnded: z.boolean(),
    labels: z.array(z.strictObject({ key: z.string(), value: z.string() })),
    inputs: z.record(z.string(), z.unknown()).optional().meta({
      description: "What it was started with; what looks like a credential is left out.",
    }),
    tasks: z.array(
      z.strictObject({ taskId: z.string(), state: z.string(), value: z.string().optional() }),
    ),
  }),
);

/** What an execution came to, or that it has not ended. */
export const resultAnswer = lazy(() =>
  z.strictObject({
    executionId: z.string(),
    flowId: z.string(),
    state: z.string(),
    ok: z.boolean(),
    result: z.unknown().optional(),
    error: z
      .strictObject({
        code: z.string(),
        message: z.string(),
        taskId: z.string().optional(),
        reason: z.string().optional(),
      })
      .optional(),
  }),
);

/** An execution that has not ended. */
export const pendingAnswer = lazy(() =>
  z.strictObject({ executionId: z.string(), flowId: z.string(), state: z.string() }),
);

/** What came of a cancel. */
export const cancelAnswer = lazy(() =>
  z.strictObject({ executionId: z.string(), state: z.string(), hasEnded: z.boolean() }),
);

/** A line of a log. */
export const logAnswer = lazy(() =>
  z.strictObject({
    timestamp: instant(),
    level: z.string(),
    message: z.string(),
    taskId: z.string().optional(),
  }),
);

/** What the webhook answers. */
export const webhookAnswer = lazy(() =>
  z.strictObject({
    success: z.literal(true),
    executionId: z.string().optional().meta({
      description: "Left out by a flow whose Webhook trigger answers with outputs.",
    }),
  }),
);

/** Whether Kestra can be used from here. */
export const healthAnswer = lazy(() =>
  z.strictObject({
    status: z.enum(["ok", "unavailable"]),
    kestra: z.enum(["ok", "unreachable", "credentials_refused", "failing"]),
  }),
);

/** Every error. */
export const errorAnswer = lazy(() =>
  z.strictObject({
    error: z.string(),
    code: z.string(),
    details: z
      .array(
        z.strictObject({
          path: z.array(z.union([z.string(), z.number()])),
          message: z.string(),
        }),
      )
      .optional(),
  }),
);
