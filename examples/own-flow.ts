/** A flow of your own, typed and started the same way. */
import { defineFlow, KestraArenaClient } from "kestra-arena";
import * as z from "zod";

const greet = defineFlow({
  id: "greet",
  input: () => z.strictObject({ who: z.string().min(1) }),
  toInputs: ({ who }) => ({ who }),
  output: () => z.object({ greeting: z.string() }),
});

const arena = new KestraArenaClient();
const yaml = `id: greet
namespace: ${arena.options.namespace}
inputs:
  - { id: who, type: STRING }
tasks:
  - { id: log, type: io.kestra.plugin.core.log.Log, message: "Hello {{ inputs.who }}" }
outputs:
  - { id: greeting, type: STRING, value: "Hello {{ inputs.who }}" }
`;
const { namespace } = arena.options;
if ((await arena.kestra.flows.find(namespace, greet.id)) === undefined) {
  await arena.kestra.flows.create(yaml);
}
const execution = await arena.start(greet, { who: "Ada" });
console.log((await execution.result()).greeting);
