export { type ArenaCore, createArena, type PlantedItem } from "./app.ts";
export type { ArenaFaults } from "./faults.ts";
export type { ArenaOptions } from "./options.ts";
export { type PlantedKind, plantedKinds } from "./secrets.ts";
export { type Arena, type ServedArenaOptions, startArena } from "./server.ts";
export type { AgentReference, Pairing, RankedAgent, Truth } from "./truth.ts";
export type { Agent, AgentType, ArenaEvent, AttackType, Match, Outcome, Round } from "./types.ts";
