import { findPattern, firstGroup, type SyncDetector } from "./detector.ts";

const userInfo = /:\/\/([^\s/@:"'<>]{0,100}:[^\s/@"'<>]{1,200})@/dg;

/** Finds the user and the password in an address such as `postgres://user:password@host`. */
export const urlCredentials: SyncDetector = {
  name: "url-credentials",
  find: (text) => findPattern(text, userInfo, "CREDENTIALS", firstGroup),
};
