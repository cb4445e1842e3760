/** Looks at all that has to be well, and says what to do about what is not. */
import { KestraArenaClient } from "kestra-arena";

const { status, findings } = await new KestraArenaClient().doctor({
  onFinding: ({ check, code }) => console.error(check, code),
});
for (const { check, seen, advice } of findings) console.log(check, seen, advice ?? "");
console.log(status);
process.exitCode = status === "failed" ? 1 : 0;
