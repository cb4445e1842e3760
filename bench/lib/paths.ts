import { fileURLToPath } from "node:url";

/** The repository's root, with a slash at its end. */
export const root = fileURLToPath(new URL("../../", import.meta.url));

/** The built main entry. */
export const builtEntry = `${root}dist/index.js`;

/** The official client, the files that it lacks stubbed. */
export const officialEntry = `${root}bench/peers/official.cjs`;
