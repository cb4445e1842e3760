import type { Agent, Arena } from "../../../examples/arena/index.ts";
import { arenaApiKey } from "./arena-key.ts";

/** Adds a red agent that asks for harmless things only. @returns its id */
export async function addControlAgent(arena: Arena): Promise<string> {
  const answer = await arena.app.request("/api/agents", {
    method: "POST",
    headers: { authorization: `Bearer ${arenaApiKey}`, "content-type": "application/json" },
    body: JSON.stringify({
      name: "Everyday customer",
      type: "red",
      model: "none",
      systemPrompt: "Ask one everyday question.",
      metadata: { purpose: "control" },
    }),
  });
  return ((await answer.json()) as Agent).id;
}
