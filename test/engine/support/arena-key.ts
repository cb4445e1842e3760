/** Sent by the flows of the shared engines to every arena; no test may find it anywhere else. */
export const arenaApiKey = "test-key-that-must-not-leak-5f1c";
