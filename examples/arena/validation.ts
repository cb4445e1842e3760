import type { Context } from "hono";
import { HTTPException } from "hono/http-exception";
import { z } from "zod";
import { agentTypes, matchModes } from "./types.ts";

const metadata = z.record(z.string(), z.unknown());

export const agentBody = z.object({
  name: z.string().min(1),
  type: z.enum(agentTypes),
  model: z.string().min(1),
  systemPrompt: z.string(),
  permissions: z.array(z.string()).default([]),
  metadata: metadata.optional(),
});
export const agentChanges = z.object({
  name: z.string().min(1).optional(),
  type: z.enum(agentTypes).optional(),
  model: z.string().min(1).optional(),
  systemPrompt: z.string().optional(),
  permissions: z.array(z.string()).optional(),
  metadata: metadata.optional(),
});
export const agentQuery = z.object({ type: z.enum(agentTypes).optional() });

export const matchBody = z.object({
  redAgentId: z.uuid(),
  blueAgentId: z.uuid(),
  targetAgentId: z.uuid(),
  mode: z.enum(matchModes).default("standard"),
  metadata: metadata.optional(),
});
export const matchQuery = pageOf(100);
export const eventQuery = pageOf(1000);

export const exportBody = z.object({
  matchIds: z.array(z.string()),
  format: z.string().default("json"),
});
export const fineTuneBody = z.object({
  agentId: z.uuid(),
  datasetId: z.string().min(1),
  config: z.record(z.string(), z.unknown()).default({}),
});

export const alertBody = z.looseObject({});

/** The body by its schema. @throws HTTPException the API's 400 answer */
export async function readBody<Schema extends z.ZodType>(
  context: Context,
  schema: Schema,
): Promise<z.output<Schema>> {
  const text = await context.req.text();
  return check(context, schema, parseJson(context, text));
}

/** The query by its schema. @throws HTTPException the API's 400 answer */
export function readQuery<Schema extends z.ZodType>(
  context: Context,
  schema: Schema,
): z.output<Schema> {
  return check(context, schema, context.req.query());
}

function pageOf(limit: number) {
  return z.object({
    limit: z.coerce.number().int().min(1).max(10_000).default(limit),
    offset: z.coerce.number().int().min(0).default(0),
  });
}

function check<Schema extends z.ZodType>(context: Context, schema: Schema, value: unknown) {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  throw badRequest(context, result.error.issues);
}

function parseJson(context: Context, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw badRequest(context, [{ path: [], message: "The body is not JSON." }]);
  }
}

function badRequest(context: Context, details: unknown[]): HTTPException {
  return new HTTPException(400, {
    res: context.json({ error: "Validation error", details }, 400),
  });
}
