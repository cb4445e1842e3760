import type { KestraLine } from "../kestra/dialect.ts";
import { readAsset } from "./assets.ts";

/** How a flow's template is customised. */
export interface LoadFlowOptions {
  /** The version line that the text is for. @default "2" */
  line?: KestraLine | undefined;
  /** The namespace. @default "ai-arena" */
  namespace?: string | undefined;
  /** Values for the template's `variables`; an unknown name is refused. @default the template's own */
  variables?: Readonly<Record<string, unknown>> | undefined;
}

/** The YAML of one of the package's flows, customised; comments and order stay as they are. */
export async function loadFlow(flowId: string, options: LoadFlowOptions = {}): Promise<string> {
  const { parseDocument } = await import("yaml");
  const { line = "2", namespace = "ai-arena", variables = {} } = options;
  const document = parseDocument(await readAsset(flowId, line));
  document.set("namespace", namespace);
  for (const [name, value] of Object.entries(variables)) {
    if (document.hasIn(["variables", name])) document.setIn(["variables", name], value);
  }
  return document.toString({ lineWidth: 0 });
}
