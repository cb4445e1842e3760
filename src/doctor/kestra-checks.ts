import { isArenaError } from "../errors.ts";
import type { DoctorContext } from "./context.ts";
import {
  type DoctorCheck,
  type DoctorCode,
  type Finding,
  failed,
  ok,
  warning,
} from "./findings.ts";

type Fault = { check: DoctorCheck; finding: Finding };

/** How long one look at Kestra may take. */
const lookMs = 10_000;

/**
 * Whether Kestra answers, takes the credentials and knows the tenant. One request tells all three, so it is sent once,
 * and always: what the client remembers of earlier calls says nothing about now.
 */
export async function checkKestra(
  context: DoctorContext,
  signal: AbortSignal | undefined,
): Promise<Finding[]> {
  const { kestra, options } = context;
  const { url, tenant, namespace, authentication } = options;
  const fault = await kestra.executions
    .search({ namespace }, { size: 1, signal, timeoutMs: lookMs })
    .then(() => undefined)
    .catch((error: unknown) => explain(error, context, signal));
  const findings: Finding[] = [];
  const add = (check: DoctorCheck, code: DoctorCode, seen: string) => {
    if (fault?.check === check) findings.push(fault.finding);
    else if (fault === undefined || order.indexOf(check) < order.indexOf(fault.check)) {
      findings.push(ok(check, code, seen));
    }
  };
  add("kestra", "kestra_reachable", `Kestra answers at ${url}.`);
  const who = {
    basic: "the user and password",
    bearer: "the API token",
    none: "calls without credentials",
  };
  add("credentials", "credentials_accepted", `Kestra takes ${who[authentication]}.`);
  add("tenant", "tenant_known", `The tenant ${tenant} exists.`);
  return findings;
}

const order: DoctorCheck[] = ["kestra", "credentials", "tenant"];

async function explain(
  error: unknown,
  context: DoctorContext,
  signal: AbortSignal | undefined,
): Promise<Fault> {
  signal?.throwIfAborted();
  const { url, tenant } = context.options;
  if (isArenaError(error, "connection")) {
    const advice = "Start Kestra, or set KESTRA_URL to where it runs.";
    return fault("kestra", "kestra_unreachable", error.message, advice);
  }
  if (isArenaError(error, "authentication")) return refused(error.status, context);
  if (!isArenaError(error)) throw error;
  const { version } = await context.kestra.server(signal).catch(() => ({ version: undefined }));
  if (version === undefined) {
    const advice = `Check KESTRA_URL: what answers at ${url} is not Kestra's API.`;
    return fault("kestra", "kestra_not_there", error.message, advice);
  }
  const status = "status" in error ? error.status : undefined;
  if (status === 400 || status === 404) {
    const advice = "Set KESTRA_TENANT; open-source Kestra has one tenant, main.";
    return fault(
      "tenant",
      "tenant_unknown",
      `Kestra does not know the tenant ${tenant}: ${error.message}`,
      advice,
    );
  }
  return fault("kestra", "kestra_failing", error.message, "Look into Kestra's own log.");
}

function refused(status: number, { options }: DoctorContext): Fault {
  const { authentication, tenant } = options;
  if (status === 403) {
    const seen = `Kestra does not allow these credentials to read executions in the tenant ${tenant} (403).`;
    const advice = "Give the user or token the permission, or check KESTRA_TENANT.";
    return fault("credentials", "credentials_forbidden", seen, advice);
  }
  const seen = {
    none: "Kestra asks for credentials, and none were given (401).",
    basic: "Kestra refused the user and password (401).",
    bearer: "Kestra refused the API token (401).",
  }[authentication];
  const advice =
    "Set KESTRA_USERNAME and KESTRA_PASSWORD, or KESTRA_API_KEY on Kestra Enterprise. A new Kestra has no user before its set-up page was filled in.";
  return fault("credentials", "credentials_refused", seen, advice);
}

function fault(check: DoctorCheck, code: DoctorCode, seen: string, advice: string): Fault {
  return { check, finding: failed(check, code, seen, advice) };
}

/** Whether the package was tested with this version. */
export async function checkVersion(
  { kestra, options }: DoctorContext,
  signal: AbortSignal | undefined,
): Promise<Finding> {
  const { version = "of an unknown version", line, isSupported } = await kestra.server(signal);
  const isForced = options.line !== undefined && options.line !== line;
  const taken = `It is spoken to as line ${options.line ?? line}${isForced ? ", as the option line says" : ""}.`;
  const seen = `Kestra is ${version}. ${taken}`;
  if (isSupported && !isForced) return ok("version", "version_supported", seen);
  const advice = isForced
    ? "Leave the option line out: it is not the server's own."
    : "Use Kestra 1.3 or 2.x. Others may work, but were not tested.";
  return warning("version", "version_unsupported", seen, advice);
}
