import type * as z from "zod";
import type { KestraArenaClient } from "../index.ts";
import type { ExposedFlows } from "./exposed-flows.ts";
import type { RouteSettings } from "./options.ts";

/** What all routes share. */
export interface RouteServices {
  /** The client. */
  readonly arena: KestraArenaClient;
  /** What callers may see. */
  readonly flows: ExposedFlows;
  /** How the routes are served. */
  readonly settings: RouteSettings;
  /** The table of all routes, for the document that describes them. */
  readonly routes: readonly Route[];
}

/** One request to one route, everything in it checked. */
interface RouteCall<Query, Body> {
  readonly request: Request;
  /** What the path holds in the place of `:id` or `:flowId`. */
  readonly id: string;
  readonly query: Query;
  readonly body: Body;
  readonly services: RouteServices;
}

/** An answer that a route may give. */
export interface RouteAnswer {
  description: string;
  /** What its body holds; none when left out. */
  schema?: () => z.ZodType;
  /** @default "application/json" */
  contentType?: string;
  /** What its headers say. */
  headers?: Readonly<Record<string, string>>;
}

/** A header that a route reads. */
interface RouteHeader {
  description: string;
  /** What it may look like; another is answered by 400. @default anything */
  pattern?: RegExp;
}

/** A route: how it is called, what it answers, what it does. The app and the OpenAPI document are made of these alone. */
export interface Route<Query = unknown, Body = unknown> {
  /** Its name: `operationId`. */
  name: string;
  method: "GET" | "POST" | "DELETE";
  /** Below the base path, with `:id` or `:flowId` where there is one. */
  path: string;
  /** What it does, in a sentence. */
  summary: string;
  /** More about it. */
  description?: string;
  /** Who may call it: everybody, whom `authorize` lets in, or who has the webhook's secret. @default "authorized" */
  access?: "open" | "authorized" | "secret";
  /** Headers that it reads, and what is in them. */
  headers?: Readonly<Record<string, RouteHeader>>;
  /** What its query may hold. Texts, as they come. */
  query?: () => z.ZodType<Query>;
  /** What its body may hold. */
  body?: () => z.ZodType<Body>;
  /** What it answers when all is well. */
  answers: Readonly<Record<number, RouteAnswer>>;
  /** Which errors it may answer besides those of every route. */
  errors?: readonly number[];
  handle(call: RouteCall<Query, Body>): Promise<Response>;
}

/** Keeps the types of query and body between a route's schemas and its handler. */
export function defineRoute<Query = undefined, Body = undefined>(route: Route<Query, Body>): Route {
  return route as Route;
}
