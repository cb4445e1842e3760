import { Ajv2020 } from "ajv/dist/2020.js";
import addFormats from "ajv-formats";
import type { ArenaRoutes } from "kestra-arena/routes";
import { expect } from "vitest";

/** A call that the tests made, and what came of it. */
export interface Answer {
  status: number;
  headers: Headers;
  // biome-ignore lint/suspicious/noExplicitAny: tests read whatever the route answers.
  body: any;
}

/** Calls routes, and holds every answer against their own OpenAPI document. */
export function documented(routes: Pick<ArenaRoutes, "fetch" | "openapi">) {
  // biome-ignore lint/suspicious/noExplicitAny: a JSON document.
  const document = routes.openapi() as any;
  const ajv = new Ajv2020({ strict: false, allErrors: true });
  (addFormats as unknown as (ajv: Ajv2020) => void)(ajv);
  ajv.addSchema({ $id: "doc", components: document.components });
  const base: string = document.servers[0].url;
  const patterns = Object.keys(document.paths).map((path) => ({
    path,
    pattern: new RegExp(`^${base}${path.replace(/\{\w+\}/, "[^/]+")}$`),
  }));

  return async function call(
    path: string,
    init: RequestInit & { json?: unknown } = {},
  ): Promise<Answer> {
    const { json, ...rest } = init;
    const headers = new Headers(rest.headers);
    if (json !== undefined) headers.set("content-type", "application/json");
    const body = json === undefined ? {} : { method: "POST", body: JSON.stringify(json) };
    const request = new Request(`http://localhost${path}`, { ...body, ...rest, headers });
    const response = await routes.fetch(request);
    const answer = {
      status: response.status,
      headers: response.headers,
      body: await read(response),
    };
    check(request, answer);
    return answer;
  };

  function check(request: Request, { status, headers, body }: Answer): void {
    const { pathname } = new URL(request.url);
    const found = patterns.find(({ pattern }) => pattern.test(pathname));
    const operation = document.paths[found?.path ?? ""]?.[request.method.toLowerCase()];
    // What no route serves has no operation to hold it against.
    if (operation === undefined) return;
    const where = `${request.method} ${pathname} ${status}`;
    const response = operation.responses[status];
    expect(response, `${where} is not documented`).toBeDefined();
    if (response.content === undefined) return;
    const [type] = Object.keys(response.content);
    expect(headers.get("content-type"), where).toContain(type);
    const { schema } = response.content[type ?? ""];
    if (schema === undefined) return;
    const isValid = ajv.compile(absolute(schema));
    expect(isValid(body), `${where}: ${ajv.errorsText(isValid.errors)}`).toBe(true);
  }
}

/** References of the document, for a schema that stands alone. */
function absolute(schema: unknown): object {
  return JSON.parse(JSON.stringify(schema).replaceAll('"#/components', '"doc#/components'));
}

async function read(response: Response): Promise<unknown> {
  const text = await response.text();
  const isJson = response.headers.get("content-type")?.includes("json") === true;
  return isJson ? JSON.parse(text) : text;
}
