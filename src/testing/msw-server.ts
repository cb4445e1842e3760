import { ConfigError } from "../errors.ts";

/** msw's handlers, typed so that they fit `setupServer` and `server.use` of whatever msw is installed. */
export type MswHandlers = never[];

/** What of msw is used. */
interface Msw {
  http: {
    all(path: string, resolver: (info: { request: Request }) => Promise<Response>): never;
  };
  HttpResponse: { error(): Response };
}

/** A server of msw's. */
export interface MswServer {
  listen(options: { onUnhandledFrame: "bypass" }): void;
  close(): void;
}

/** Handlers that answer all that goes to a base URL. */
export async function mswHandlers(
  url: string,
  answer: (request: Request) => Promise<Response>,
): Promise<MswHandlers> {
  const { http, HttpResponse } = (await load(() => import("msw"))) as unknown as Msw;
  const handler = http.all(`${url}/*`, async ({ request }) => {
    try {
      return await answer(request);
    } catch {
      // What breaks in the fake breaks on the wire.
      return HttpResponse.error();
    }
  });
  return [handler];
}

/** A server of its own for the handlers. */
export async function mswServer(handlers: MswHandlers): Promise<MswServer> {
  const { setupServer } = await load(() => import("msw/node"));
  return setupServer(...handlers) as unknown as MswServer;
}

async function load<Module>(importModule: () => Promise<Module>): Promise<Module> {
  try {
    return await importModule();
  } catch (error) {
    if (!(error instanceof Error && "code" in error && error.code === "ERR_MODULE_NOT_FOUND")) {
      throw error;
    }
    throw new ConfigError(
      "fakeKestra().listen() and handlers() need the package msw 3. Install it: npm install --save-dev msw@3. " +
        "Or give the client the fake's own fetch: new KestraArenaClient({ url: kestra.url, fetch: kestra.fetch }).",
    );
  }
}
