import type { FlowWorld } from "./flow-world.ts";

/** All that Kestra tells of an execution, as text: the execution, its logs of every level, its outputs and its tasks'. */
export async function everythingAbout(
  { api, line }: FlowWorld,
  executionId: string,
): Promise<string> {
  const paths = [`executions/${executionId}`, `logs/${executionId}`];
  if (line === "2.0") {
    paths.push(`outputs/executions/${executionId}`, `outputs/tasks/${executionId}`);
  }
  const texts = await Promise.all(
    paths.map(async (path) => {
      const response = await fetch(`${api}/${path}`);
      return response.text();
    }),
  );
  return texts.join("\n");
}
