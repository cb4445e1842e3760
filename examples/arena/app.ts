import { Hono } from "hono";
import { bearerAuth } from "hono/bearer-auth";
import { HTTPException } from "hono/http-exception";
import { agentRoutes } from "./agent-routes.ts";
import { createAgentStore } from "./agents.ts";
import { type AlertRecord, alertRoutes } from "./alert-routes.ts";
import { type PlantedInEvent, plantedInMatch } from "./events.ts";
import { injectFaults } from "./fault-middleware.ts";
import { faultRoutes } from "./fault-routes.ts";
import { type ArenaFaults, createFaultInjector } from "./faults.ts";
import { createFineTuning } from "./fine-tuning.ts";
import { matchRoutes } from "./match-routes.ts";
import { createMatchStore } from "./match-store.ts";
import { type ArenaOptions, settle } from "./options.ts";
import { oumiRoutes } from "./oumi-routes.ts";
import { type PlantedInAgent, seedRoster } from "./roster.ts";
import { createStrengths } from "./strengths.ts";
import { createTruth, type Truth } from "./truth.ts";
import type { Agent } from "./types.ts";

/** Something that was planted in a text on purpose, and where. */
export type PlantedItem = PlantedInAgent | PlantedInEvent;

/** A sample arena without a server. */
export interface ArenaCore {
  /** The API; `app.request(path)` calls it without a server. */
  app: Hono;
  /** The agents that the arena began with: red, then blue, then targets. */
  agents: readonly Agent[];
  /** What a perfect evaluation would find. */
  truth: Truth;
  /** Everything that was planted in prompts and in the events so far, found anew at each read. */
  readonly planted: PlantedItem[];
  /** The alerts that were taken, oldest first. */
  alerts: readonly AlertRecord[];
  /** How often each route was called, by names such as `POST /api/matches`. */
  requests: Readonly<Record<string, number>>;
  /** The most matches that were ever pending or running at once. */
  readonly peakLiveMatches: number;
  /** Replaces all faults. @throws Error for a fault that does not exist */
  setFaults(faults: ArenaFaults): void;
}

/** Makes an arena that answers `app.request(…)`; nothing listens. @throws Error for bad options */
export function createArena(options: ArenaOptions = {}): ArenaCore {
  const settings = settle(options);
  const { seed, timeScale, now } = settings;
  const strengths = createStrengths(settings);
  const agents = createAgentStore(seed);
  const roster = seedRoster(settings, agents, strengths);
  const faults = createFaultInjector(seed, settings.faults);
  const isOneAtATime = () => faults.current().oneAtATime ?? settings.oneAtATime;
  const matches = createMatchStore({
    ...settings,
    strengths,
    isOneAtATime,
    injectedFate: faults.forMatch,
  });
  const fineTuning = createFineTuning({
    seed,
    timeScale,
    strengths,
    now,
    successWord: settings.saysCompleted ? "completed" : "succeeded",
  });
  const alerts: AlertRecord[] = [];
  const requests: Record<string, number> = {};

  const app = new Hono();
  app.onError((error, context) =>
    error instanceof HTTPException
      ? error.getResponse()
      : context.json({ error: `The arena failed: ${error.message}` }, 500),
  );
  app.notFound((context) => context.json({ error: "Not found" }, 404));
  app.route("/__faults", faultRoutes(faults));
  app.use(injectFaults(faults, requests));
  app.get("/health", (context) => context.json({ status: "ok" }));
  if (settings.apiKey !== undefined) app.use("/api/*", demandKey(settings.apiKey));
  app.route("/api/agents", agentRoutes({ agents, strengths, now }));
  app.route("/api/matches", matchRoutes({ agents, matches, settings, isOneAtATime }));
  app.route("/api/oumi", oumiRoutes({ agents, matches, fineTuning, settings, faults }));
  app.route("/api/alerts", alertRoutes({ alerts, takesAlerts: settings.alerts, now }));

  return {
    app,
    agents: roster.agents,
    truth: createTruth(agents, strengths, settings.matchEffectDeviation),
    get planted() {
      const inEvents = (record: Parameters<typeof plantedInMatch>[0]) =>
        plantedInMatch(record, now(), settings);
      return [...roster.planted, ...matches.all().flatMap(inEvents)];
    },
    alerts,
    requests,
    get peakLiveMatches() {
      return matches.peakLive();
    },
    setFaults: faults.set,
  };
}

function demandKey(apiKey: string) {
  const error = { error: "Unauthorized: send the key as Authorization: Bearer <key>." };
  return bearerAuth({
    token: apiKey,
    noAuthenticationHeader: { message: error },
    invalidToken: { message: error },
    invalidAuthenticationHeader: { message: error },
  });
}
