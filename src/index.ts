/**
 * The public surface of `kestra-arena`, one list. What is missing here is private on purpose: the watcher, the start and
 * the transport are reached through the client alone.
 */
export { KestraArenaClient, type RunOptions } from "./client.ts";
export type {
  ArenaWarning,
  KestraArenaOptions,
  KestraArenaSettings,
  KestraAuth,
} from "./config.ts";
export type { DoctorOptions } from "./doctor/context.ts";
export type { DoctorReport } from "./doctor/doctor.ts";
export type { DoctorCheck, DoctorCode, Finding } from "./doctor/findings.ts";
export * from "./errors.ts";
export type { CancelResult } from "./executions/cancel.ts";
export type { OnExisting } from "./executions/claim.ts";
export type {
  Execution,
  ExecutionCallOptions,
} from "./executions/execution.ts";
export type { AttachOptions, ExecutionsClient } from "./executions/executions-client.ts";
export type { ListOptions } from "./executions/list.ts";
export type { Outcome } from "./executions/outcome.ts";
export type { ExecutionOf, TellingExecution } from "./executions/progress.ts";
export type { Settled, SettleOptions, SettleProgress } from "./executions/settle.ts";
export type { StartOptions } from "./executions/start.ts";
export type { ExecutionState } from "./executions/states-stream.ts";
export type { WaitOptions } from "./executions/wait.ts";
export type { ObservedBy } from "./executions/watched.ts";
export {
  agentFineTuning,
  type FineTuneInput,
  type FineTuningConfig,
  type FineTuningResult,
  type TrainingControl,
} from "./flows/agent-fine-tuning.ts";
export {
  type BatchInput,
  type BatchResult,
  batchEvaluation,
  type CombinationSummary,
} from "./flows/batch-evaluation.ts";
export type { BatchProgress, CombinationProgress, MatchCounts } from "./flows/batch-progress.ts";
export type { AgentCombination, BatchRow } from "./flows/batch-row.ts";
export type {
  MonitoringEvent,
  MonitoringInput,
  MonitoringResult,
} from "./flows/continuous-monitoring.ts";
export {
  type DatasetResult,
  datasetGeneration,
  type GenerateDatasetInput,
} from "./flows/dataset-generation.ts";
export type {
  DatasetPlayer,
  DatasetValidation,
  TrainedAgent,
  TrainingKind,
} from "./flows/dataset-validation.ts";
export {
  type CompletionTools,
  defineFlow,
  type FlowDefinition,
  type FlowInputs,
  type FlowInputValue,
  type FlowJsonSchemas,
  type FlowOptions,
  type Parsed,
  type ProgressRow,
  type ProgressTools,
} from "./flows/define-flow.ts";
export type { MatchMode } from "./flows/fields.ts";
export type {
  ComparedAgent,
  ComparedPairing,
  ControlledAgent,
  FineTuningComparison,
  Opponents,
  OverRefusal,
} from "./flows/fine-tuning-comparison.ts";
export type { ArenaFlowProgress } from "./flows/index.ts";
export {
  type ArenaFlowId,
  type ArenaFlowResults,
  arenaFlowIds,
  arenaFlows,
} from "./flows/index.ts";
export type { Instant } from "./flows/instant.ts";
export type { AttackOutcomes, AttackTypeResult, MatchMetrics } from "./flows/match-metrics.ts";
export {
  type MatchInput,
  type MatchResult,
  matchOrchestration,
  type Winner,
} from "./flows/match-orchestration.ts";
export type { ScheduledMatchesInput, ScheduledMatchesResult } from "./flows/scheduled-matches.ts";
export type { ValidationMatch } from "./flows/validation-match.ts";
export type { CallOptions } from "./kestra/call.ts";
export type {
  ExecutionAction,
  KestraLine,
  LogLevel,
  ServerInfo,
  TriggerState,
} from "./kestra/dialect.ts";
export type { CreateExecution, ExecutionsApi, Page, PageOptions } from "./kestra/executions.ts";
export type { FlowsApi, FlowValidation, KestraFlow } from "./kestra/flows.ts";
export type { FollowFrame } from "./kestra/follow.ts";
export type { KestraApi } from "./kestra/index.ts";
export type { KvApi } from "./kestra/kv.ts";
export type { LogEntry, LogFilter, LogsApi } from "./kestra/logs.ts";
export type { InputPart } from "./kestra/multipart.ts";
export type {
  ExecutionRow,
  KestraExecution,
  KestraState,
  Label,
  StateChange,
  TaskRun,
} from "./kestra/schemas.ts";
export type { ExecutionFilter, ExecutionOrder } from "./kestra/search.ts";
export {
  type ExecutionStateName,
  isSuccess,
  isTerminal,
  type KnownState,
  type LiveState,
  liveStates,
  type TerminalState,
  terminalStates,
} from "./kestra/states.ts";
export type { SpanLike, TracerLike, TransportHooks } from "./kestra/transport.ts";
export type { TriggerId, TriggersApi } from "./kestra/triggers.ts";
export type { Query, QueryValue } from "./kestra/url.ts";
export type { WebhookCall, WebhookOutcome, WebhooksApi } from "./kestra/webhooks.ts";
export type { ScheduleMatchesInput } from "./schedules/match-schedule.ts";
export type { MonitorTargetInput } from "./schedules/monitor-schedule.ts";
export type { MatchSchedule, MonitorSchedule } from "./schedules/read-schedule.ts";
export type { Schedule, ScheduleRun, ScheduleStatus } from "./schedules/schedule.ts";
export type { SchedulesClient } from "./schedules/schedules-client.ts";
export type { ScheduleCallOptions } from "./schedules/trigger-state.ts";
export type { FlowAddOn, FlowTask, ValueSource } from "./templates/add-ons/add-on.ts";
export { type AlertWebhookOptions, alertWebhook } from "./templates/add-ons/alert-webhook.ts";
export type { AddOnOccasion } from "./templates/add-ons/delivery.ts";
export {
  type PostgresStorageOptions,
  postgresStorage,
} from "./templates/add-ons/postgres-storage.ts";
export {
  type SlackNotificationOptions,
  slackNotification,
} from "./templates/add-ons/slack-notification.ts";
export type { FlowProblem } from "./templates/check-flow.ts";
export type { FlowStatus } from "./templates/compare-flow.ts";
export type { CronSchedule } from "./templates/cron.ts";
export type { FlowConcurrency, FlowCustomisation } from "./templates/customise.ts";
export type { DeployedFlow, DeployOptions, DeployProgress } from "./templates/deploy-flows.ts";
export type { FlowDiff } from "./templates/diff-flows.ts";
export { exportFlows } from "./templates/export-flows.ts";
export type { FlowSetOptions } from "./templates/flow-set.ts";
export type { FlowCallOptions, FlowInKestra, FlowsClient } from "./templates/flows-client.ts";
export type { FlowRetries, FlowTimeouts } from "./templates/knobs.ts";
export { type LoadFlowOptions, loadFlow } from "./templates/load-flow.ts";
export type { FlowChange } from "./templates/meaning.ts";
export type { FlowReport } from "./templates/validate-flows.ts";
export type { ExportOptions } from "./templates/write-flows.ts";
