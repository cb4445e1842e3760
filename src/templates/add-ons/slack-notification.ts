import type { FlowAddOn } from "./add-on.ts";
import { type AddOnOccasion, deliver } from "./delivery.ts";
import { readSource } from "./value-source.ts";

/** What {@link slackNotification} sends, and where. */
export interface SlackNotificationOptions {
  /** The secret of Kestra that holds the URL of a Slack incoming webhook. @default "SLACK_WEBHOOK_URL" */
  webhookSecret?: string | undefined;
  /** After which ends of an execution it is sent. @default "failure" */
  on?: AddOnOccasion | undefined;
  /** The flows that it can be added to. @default any */
  flows?: readonly string[] | undefined;
}

/**
 * Tells a Slack channel how an execution ended: the flow, the state, the reason, and what a match came to.
 *
 * The text of agents can reach the message; what Slack would read as a mention or a link is escaped.
 *
 * @throws InputError for a secret's name that is none.
 */
export function slackNotification(options: SlackNotificationOptions = {}): FlowAddOn {
  const name = "slack_notification";
  const { webhookSecret = "SLACK_WEBHOOK_URL", on = "failure", flows } = options;
  return {
    name,
    flows,
    afterExecution: [
      deliver({
        id: name,
        description:
          "Tells a Slack channel how the execution ended. Whatever comes of it changes nothing else.",
        on,
        uri: readSource(name, "webhookSecret", { secret: webhookSecret }),
        body: `{{ {'text': (${message}) | replace({'&': '&amp;', '<': '&lt;', '>': '&gt;'})} | toJson }}`,
      }),
    ],
  };
}

/** Pebble: joined texts, a part only where there is something to say. */
const message = [
  "flow.namespace ~ '.' ~ flow.id ~ ' ' ~ execution.id ~ ': ' ~ execution.state",
  "((execution.outputs.match_id ?? '') == '' ? '' : ' | match ' ~ execution.outputs.match_id)",
  "((execution.outputs.winner ?? '') == '' ? '' : ' | winner ' ~ execution.outputs.winner)",
  "((errorLogs() | length) == 0 ? '' : ' | ' ~ (errorLogs() | jq('last.message // \"\"') | first))",
].join(" ~ ");
