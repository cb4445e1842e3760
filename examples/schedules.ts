/** Matches every weekday, a target watched around the clock, and how to stop both. */
import { KestraArenaClient } from "kestra-arena";
import { bySide, fetchAgents } from "kestra-arena/evaluation";

const arena = new KestraArenaClient();
const schedule = await arena.scheduleMatches({
  cronExpression: "30 8 * * MON-FRI",
  timezone: "Europe/Berlin",
  mode: "quick",
});
console.log(schedule.description, schedule.nextRuns(2));

const { target } = bySide(await fetchAgents());
for (const { id: targetAgentId, name } of target.slice(0, 1)) {
  const monitor = await arena.monitorTarget({ targetAgentId, intervalMinutes: 45 });
  console.log(name, monitor.description);
}
for (const each of await arena.schedules.list()) {
  await each.pause();
  await each.delete();
}
