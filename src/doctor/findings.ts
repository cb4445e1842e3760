/** Every check, in the order in which they are made. */
export const doctorChecks = [
  "kestra",
  "credentials",
  "tenant",
  "version",
  "streams",
  "flows",
  "inputs",
  "arena",
  "agents",
  "alerts",
] as const;

/** What is looked at. */
export type DoctorCheck = (typeof doctorChecks)[number];

/** What was found. Stable across releases: a program may branch on it. */
export type DoctorCode =
  | "kestra_reachable"
  | "kestra_unreachable"
  | "kestra_not_there"
  | "kestra_failing"
  | "credentials_accepted"
  | "credentials_refused"
  | "credentials_forbidden"
  | "tenant_known"
  | "tenant_unknown"
  | "version_supported"
  | "version_unsupported"
  | "streams_flow"
  | "streams_buffered"
  | "flows_current"
  | "flows_missing"
  | "flows_drifted"
  | "flows_outdated"
  | "inputs_agree"
  | "inputs_disagree"
  | "arena_reachable"
  | "arena_unreachable"
  | "arena_wrong_url"
  | "arena_key_refused"
  | "arena_failing"
  | "probe_not_run"
  | "agents_present"
  | "agents_missing"
  | "alerts_taken"
  | "alerts_not_taken"
  | "check_failed"
  | "skipped";

/** One thing that the doctor looked at. */
export interface Finding {
  /** What was looked at. */
  check: DoctorCheck;
  /** What was found. */
  code: DoctorCode;
  /** `warning`: it works, but not as well as it could. `skipped`: it could not be looked at. */
  status: "ok" | "warning" | "failed" | "skipped";
  /** What was seen, in words. */
  seen: string;
  /** What to do; `undefined` when all is well. */
  advice: string | undefined;
  /** For a check that was skipped: the one that has to be well before. */
  dependsOn?: DoctorCheck;
}

/** All is well. */
export function ok(check: DoctorCheck, code: DoctorCode, seen: string): Finding {
  return { check, code, status: "ok", seen, advice: undefined };
}

/** It works, but not as well as it could. */
export function warning(
  check: DoctorCheck,
  code: DoctorCode,
  seen: string,
  advice: string,
): Finding {
  return { check, code, status: "warning", seen, advice };
}

/** It does not work. */
export function failed(
  check: DoctorCheck,
  code: DoctorCode,
  seen: string,
  advice: string,
): Finding {
  return { check, code, status: "failed", seen, advice };
}
