import { checkKeys, checkText, isRecord } from "./values.ts";

const roles = ["system", "user", "assistant", "tool"];
/** Who may speak after whom. */
const next: Readonly<Record<string, readonly string[]>> = {
  start: ["system", "user"],
  system: ["user"],
  user: ["assistant"],
  assistant: ["user", "tool"],
  tool: ["assistant", "tool"],
};

/** What is wrong with a conversation that has to end with this role. */
export function checkConversation(
  path: string,
  messages: unknown,
  end: "user" | "assistant",
): string[] {
  if (!Array.isArray(messages)) return [`${path}: is no list`];
  if (messages.length === 0) return [`${path}: is empty`];
  const problems = messages.flatMap((message, index) => checkMessage(`${path}[${index}]`, message));
  if (problems.length > 0) return problems;
  let before = "start";
  for (const [index, { role }] of (messages as { role: string }[]).entries()) {
    if (next[before]?.includes(role) !== true) {
      return [`${path}[${index}]: roles do not alternate, ${role} follows ${before}`];
    }
    before = role;
  }
  return before === end ? [] : [`${path}: ends with ${before} in place of ${end}`];
}

/** What is wrong with an answer: it is one turn of the assistant. */
export function checkTurns(path: string, messages: unknown): string[] {
  if (!Array.isArray(messages)) return [`${path}: is no list`];
  if (messages.length !== 1) return [`${path}: has ${messages.length} turns in place of one`];
  const problems = checkMessage(`${path}[0]`, messages[0]);
  if (problems.length > 0) return problems;
  const { role } = messages[0] as { role: string };
  return role === "assistant" ? [] : [`${path}[0]: is of ${role} in place of assistant`];
}

function checkMessage(path: string, message: unknown): string[] {
  if (!isRecord(message)) return [`${path}: is no object`];
  const { role, content } = message;
  const problems = checkKeys(path, message, ["role", "content"]);
  if (typeof role !== "string" || !roles.includes(role)) {
    problems.push(`${path}.role: is none of ${roles.join(", ")}`);
  }
  return [...problems, ...checkText(`${path}.content`, content)];
}
