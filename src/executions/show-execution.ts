import { displayAll } from "../display.ts";
import type { Execution } from "./execution.ts";

/** Lets every handle show itself in a terminal and a notebook: what runs, how it stands, where to see it. */
export function showExecutions(prototype: Execution<unknown>): void {
  displayAll(prototype, { text: showText, html: showHtml });
}

/** An execution in two lines. */
function showText({ id, flowId, lastState, url }: Execution<unknown>): string {
  return `Execution ${id} of ${flowId}: ${stateText(lastState)}\n${url}`;
}

/** An execution as an HTML fragment; all its texts are escaped. */
export function showHtml({ id, flowId, lastState, url }: Execution<unknown>): string {
  const [name, flow, state, link] = [id, flowId, stateText(lastState), url].map(escapeHtml);
  const shown = /^https?:/i.test(url) ? `<a href="${link}">${link}</a>` : link;
  return `<p>Execution <code>${name}</code> of <code>${flow}</code>: <strong>${state}</strong><br>${shown}</p>`;
}

/** `UNKNOWN` alone would be taken for a state of Kestra's. */
function stateText(state: string): string {
  return state === "UNKNOWN" ? "state not read yet" : state;
}

function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
