import { InputError } from "../errors.ts";
import { templateIds } from "../flows/index.ts";
import { isKestraLine, type KestraLine } from "../kestra/dialect.ts";
import { readAsset } from "./assets.ts";
import type { FlowCustomisation } from "./customise.ts";

/** Which text of a flow, and how it is customised. */
export interface LoadFlowOptions extends FlowCustomisation {
  /** The version line that the text is for. @default "2" */
  line?: KestraLine | undefined;
  /** The namespace. @default "ai-arena" */
  namespace?: string | undefined;
}

/** The namespace of the package's templates. */
export const defaultNamespace = "ai-arena";

/**
 * The YAML of one of the package's flows, customised. Comments, order and format stay; without any customisation the
 * text is the package's, byte for byte.
 *
 * @param flowId - The id of a flow, such as `match-orchestration`.
 * @throws InputError for a flow that the package has not, and for a knob that the flow has not, with a list of those
 * that there are.
 */
export async function loadFlow(flowId: string, options: LoadFlowOptions = {}): Promise<string> {
  const { line = "2", namespace = defaultNamespace, ...customisation } = options;
  checkTarget(flowId, line, namespace);
  const text = await readAsset(flowId, line);
  const isPlain = Object.values(customisation).every((value) => value === undefined);
  if (isPlain && namespace === defaultNamespace) return text;
  // yaml is loaded only where something is to be changed: parsing six templates takes fifty times as long as reading them.
  const { customise } = await import("./customise.ts");
  return customise(text, namespace === defaultNamespace ? undefined : namespace, customisation);
}

function checkTarget(flowId: string, line: string, namespace: string): void {
  const ids: readonly string[] = templateIds;
  if (!ids.includes(flowId)) {
    const message = `is none of the package's flows (${ids.join(", ")})`;
    throw new InputError("loadFlow", [{ path: ["flowId"], message }]);
  }
  if (!isKestraLine(line)) {
    throw new InputError("loadFlow", [{ path: ["line"], message: 'must be "2" or "1.3"' }]);
  }
  if (!/^[a-z0-9][a-z0-9._-]*$/.test(namespace)) {
    const message = "must be lower-case letters, digits, dots, dashes and underscores";
    throw new InputError("loadFlow", [{ path: ["namespace"], message }]);
  }
}
