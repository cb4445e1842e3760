/** What the triggers take. Names, bounds and defaults are the arena backend's; what it does not have is optional. */
import * as z from "zod";
import { agentId, int, matchMode } from "../flows/fields.ts";
import { lazy } from "../lazy.ts";

/** An agent's id, as JSON Schema can say it. */
const uuid = lazy(() =>
  agentId().meta({
    format: "uuid",
    pattern: "^[0-9a-fA-F]{8}-([0-9a-fA-F]{4}-){3}[0-9a-fA-F]{12}$",
    description: "The id of an agent, as GET /api/agents of the arena lists it.",
  }),
);

const bounds = () => ({
  maxRounds: int(1)
    .optional()
    .meta({ description: "Stops a match once that many rounds were played." }),
  maxWaitSeconds: int(1, 86_400)
    .optional()
    .meta({ description: "Gives up on a match after that many seconds." }),
});

const runNow = () =>
  z.boolean().optional().meta({
    default: true,
    description: "Whether a first run is started at once.",
  });

/** `POST /trigger/match` */
export const matchBody = lazy(() =>
  z.strictObject({
    redAgentId: uuid(),
    blueAgentId: uuid(),
    targetAgentId: uuid(),
    mode: matchMode().optional().meta({
      default: "standard",
      description: "Length and pace; continuous needs maxRounds or maxWaitSeconds.",
    }),
    ...bounds(),
  }),
);

/** `POST /trigger/scheduled` */
export const scheduledBody = lazy(() =>
  z.strictObject({
    cronExpression: z
      .string()
      .min(1)
      .max(200)
      .optional()
      .meta({
        default: "0 */6 * * *",
        description: "When, in the five fields of cron.",
        examples: ["0 */6 * * *"],
      }),
    runNow: runNow(),
  }),
);

/** `POST /trigger/monitoring` */
export const monitoringBody = lazy(() =>
  z.strictObject({
    targetAgentId: uuid(),
    intervalMinutes: int(1, 1_440).optional().meta({
      default: 60,
      description: "Minutes between two checks.",
    }),
    runNow: runNow(),
  }),
);

/** `POST /trigger/dataset` */
export const datasetBody = lazy(() =>
  z.strictObject({
    matchIds: z.array(z.string().min(1).max(200)).min(1).max(10_000).optional().meta({
      description: "Of these matches (AR-2025-0001) alone.",
    }),
    minSeverity: z.number().min(0).max(10).optional().meta({
      default: 5,
      description: "Of matches whose severity is that high or higher.",
    }),
    trainFor: z.enum(["red", "blue", "target"]).optional().meta({
      description: "Which side the dataset is to train.",
    }),
    kind: z.enum(["sft", "dpo", "kto"]).optional().meta({
      description: "What kind of training the rows are for.",
    }),
    format: z.enum(["jsonl", "json"]).optional().meta({
      description: "How the rows are written.",
    }),
  }),
);

/** `POST /trigger/fine-tune` */
export const fineTuneBody = lazy(() =>
  z.strictObject({
    agentId: uuid(),
    agentType: z.enum(["red", "blue", "target"]),
    trainingMatchesCount: int(1, 1_000).optional().meta({
      default: 50,
      description: "Of how many matches the dataset is made.",
    }),
    datasetKind: z.enum(["sft", "dpo", "kto"]).optional().meta({
      description: "What kind of training it is.",
    }),
    validationMatches: int(0, 100).optional().meta({
      description: "How many matches the tuned agent and the original play each, to be compared.",
    }),
  }),
);

/** `POST /trigger/batch-evaluation` */
export const batchBody = lazy(() =>
  z.strictObject({
    agentCombinations: z
      .array(z.strictObject({ redAgentId: uuid(), blueAgentId: uuid(), targetAgentId: uuid() }))
      .min(1)
      .max(1_000)
      .meta({ description: "Who plays whom." }),
    matchesPerCombination: int(1, 10).optional().meta({ default: 3 }),
    mode: matchMode().optional().meta({
      default: "standard",
      description: "Length and pace; continuous needs maxRounds or maxWaitSeconds.",
    }),
    concurrency: int(1, 100).optional().meta({
      default: 5,
      description: "How many matches are played at a time.",
    }),
    ...bounds(),
  }),
);

/** `POST /webhook/:flowId`: the flow's inputs, by the names that its YAML gives them. */
export const webhookBody = lazy(() =>
  z
    .record(z.string().min(1), z.unknown())
    .meta({ description: "The flow's inputs, by the names that its YAML gives them." }),
);
