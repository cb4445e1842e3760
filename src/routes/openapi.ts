import * as z from "zod";
import { errorAnswer } from "./answers.ts";
import type { RouteSettings } from "./options.ts";
import type { Route, RouteAnswer } from "./route.ts";

/** A part of a JSON document. */
type Json = Record<string, unknown>;

/** The OpenAPI 3.1 document of the routes, made of the schemas that check their requests. */
export function openApiDocument(
  routes: readonly Route[],
  { basePath, webhookSecret }: Pick<RouteSettings, "basePath" | "webhookSecret">,
): Json {
  const hasSecret = webhookSecret !== undefined;
  const paths: Record<string, Json> = {};
  for (const route of routes) {
    const path = route.path.replace(/:(\w+)/, "{$1}");
    paths[path] = { ...paths[path], [route.method.toLowerCase()]: operation(route, hasSecret) };
  }
  return {
    openapi: "3.1.0",
    info: {
      title: "The arena's flows on Kestra",
      version: "1",
      description: "Starts, follows and cancels the flows of the AI Red vs Blue Arena.",
    },
    servers: [{ url: basePath === "" ? "/" : basePath }],
    security: [{ backend: [] }],
    paths,
    components: {
      schemas: { Error: jsonSchema(errorAnswer(), "output") },
      securitySchemes: {
        backend: {
          type: "http",
          scheme: "bearer",
          description: "Whatever the backend's authorize function asks for.",
        },
        ...(hasSecret && {
          webhookSecret: { type: "apiKey", in: "header", name: "x-arena-webhook-secret" },
        }),
      },
    },
  };
}

function operation(route: Route, hasSecret: boolean): Json {
  const { name, summary, description, access = "authorized", answers } = route;
  const responses: Record<string, Json> = {};
  for (const [status, answer] of Object.entries(answers)) responses[status] = response(answer);
  for (const status of errorsOf(route)) responses[status] ??= errorResponse(status);
  return {
    operationId: name,
    summary,
    ...(description !== undefined && { description }),
    ...(access === "open" && { security: [] }),
    ...(access === "secret" && hasSecret && { security: [{ webhookSecret: [] }] }),
    parameters: [...pathParameters(route), ...queryParameters(route), ...headerParameters(route)],
    ...(route.body !== undefined && { requestBody: requestBody(route.body()) }),
    responses,
  };
}

function requestBody(schema: z.ZodType): Json {
  return {
    // Where nothing in it is required, it may be left out.
    required: !schema.safeParse({}).success,
    content: { "application/json": { schema: jsonSchema(schema, "input") } },
  };
}

function pathParameters({ path }: Route): Json[] {
  const [, name] = /:(\w+)/.exec(path) ?? [];
  return name === undefined
    ? []
    : [{ name, in: "path", required: true, schema: { type: "string", minLength: 1 } }];
}

function queryParameters({ query }: Route): Json[] {
  if (query === undefined) return [];
  const { properties = {} } = jsonSchema(query(), "output") as {
    properties?: Record<string, Json>;
  };
  return Object.entries(properties).map(([name, { description, ...schema }]) => ({
    name,
    in: "query",
    required: false,
    ...(description !== undefined && { description }),
    schema,
  }));
}

function headerParameters({ headers = {} }: Route): Json[] {
  return Object.entries(headers).map(([name, { description, pattern }]) => ({
    name,
    in: "header",
    required: false,
    description,
    schema: { type: "string", ...(pattern !== undefined && { pattern: pattern.source }) },
  }));
}

function response({ description, schema, contentType, headers }: RouteAnswer): Json {
  const type = contentType ?? (schema === undefined ? undefined : "application/json");
  return {
    description,
    ...(headers !== undefined && {
      headers: Object.fromEntries(
        Object.entries(headers).map(([name, text]) => [
          name,
          { description: text, schema: { type: "string" } },
        ]),
      ),
    }),
    ...(type !== undefined && {
      content: {
        [type]: schema === undefined ? {} : { schema: jsonSchema(schema(), "output") },
      },
    }),
  };
}

/** What any route may answer that asks who calls, and that asks Kestra. */
function errorsOf({ access, body, query, headers = {}, errors = [], method }: Route): number[] {
  if (access === "open") return [500];
  const statuses = [401, 403, 429, 500, 502, 503, 504, ...errors];
  const hasPattern = Object.values(headers).some(({ pattern }) => pattern !== undefined);
  if (body !== undefined || query !== undefined || hasPattern) statuses.push(400);
  if (method !== "GET") statuses.push(413);
  if (body !== undefined) statuses.push(415);
  return [...new Set(statuses)].sort((first, second) => first - second);
}

const errorTexts: Readonly<Record<number, string>> = {
  400: "The request is not what the route takes; details says where.",
  401: "The caller is not known.",
  403: "The caller may not do this, or calls from a page of another site.",
  404: "There is no such thing here.",
  409: "It cannot be done now.",
  413: "The body is too large.",
  415: "The body is not JSON.",
  429: "Too many requests.",
  500: "The backend failed.",
  502: "Kestra cannot be reached, refused the backend's credentials, or failed.",
  503: "Kestra is too busy.",
  504: "Kestra did not answer in time. It may have done what was asked.",
};

function errorResponse(status: number): Json {
  return {
    description: errorTexts[status] ?? "It failed.",
    content: { "application/json": { schema: { $ref: "#/components/schemas/Error" } } },
  };
}

function jsonSchema(schema: z.ZodType, io: "input" | "output"): Json {
  const { $schema, ...rest } = z.toJSONSchema(schema, { io, unrepresentable: "any" });
  return rest;
}
