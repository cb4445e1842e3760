import { parseArgs } from "node:util";
import { startArena } from "./index.ts";

const usage = `The sample arena backend.

  node examples/arena/main.ts [options]

  --port <n>         the port on 127.0.0.1 (3001)
  --seed <n>         decides agents, outcomes and texts (1)
  --red, --blue, --targets <n>   how many agents of each type (3, 3, 2)
  --time-scale <x>   wall time by the arena's time; 0: matches are over at once (0.2)
  --one-at-a-time    a match started while another runs is cancelled, as in today's backend
  --alerts           take alerts instead of answering 404
  --lone-surrogates  plant invalid Unicode as well
  --help

ARENA_API_KEY in the environment makes the arena demand that key.
`;

await main();

async function main(): Promise<void> {
  try {
    await serve();
  } catch (error) {
    console.error(error instanceof Error ? error.message : String(error));
    process.exitCode = 1;
  }
}

async function serve(): Promise<void> {
  const { values } = parseArgs({
    options: {
      port: { type: "string", default: "3001" },
      seed: { type: "string", default: "1" },
      red: { type: "string", default: "3" },
      blue: { type: "string", default: "3" },
      targets: { type: "string", default: "2" },
      "time-scale": { type: "string", default: "0.2" },
      "one-at-a-time": { type: "boolean", default: false },
      alerts: { type: "boolean", default: false },
      "lone-surrogates": { type: "boolean", default: false },
      help: { type: "boolean", default: false },
    },
  });
  if (values.help) {
    process.stdout.write(usage);
    return;
  }

  const apiKey = process.env.ARENA_API_KEY;
  const arena = await startArena({
    port: Number(values.port),
    seed: Number(values.seed),
    red: Number(values.red),
    blue: Number(values.blue),
    targets: Number(values.targets),
    timeScale: Number(values["time-scale"]),
    oneAtATime: values["one-at-a-time"],
    alerts: values.alerts,
    loneSurrogates: values["lone-surrogates"],
    ...(apiKey && { apiKey }),
  });

  // Before anything is printed: whoever reads the address may send a signal at once.
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => arena.close());
  console.log(`The arena listens on ${arena.url}`);
  for (const { id, type, name } of arena.agents) console.log(`${type.padEnd(6)}  ${id}  ${name}`);
}
