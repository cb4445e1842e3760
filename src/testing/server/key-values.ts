import type { KestraLine } from "../../kestra/dialect.ts";
import { empty, json, problem } from "./answers.ts";
import type { SimulatedRequest } from "./faults.ts";

/** The key-value store of each namespace. Nothing in it expires. */
export class KeyValues {
  readonly #line: KestraLine;
  readonly #values = new Map<string, unknown>();

  constructor(line: KestraLine) {
    this.#line = line;
  }

  /** Answers a request for `namespaces/{namespace}/kv/{key}`; `undefined` for any other. */
  answer({ method, path, target }: SimulatedRequest, body: string): Response | undefined {
    const [, namespace, kv, key] = path.split("/").map(decodeURIComponent);
    if (kv !== "kv" || key === undefined) return undefined;
    const name = `${namespace}/${key}`;
    if (method === "PUT") {
      this.#values.set(name, JSON.parse(body));
      return empty(200);
    }
    if (method === "DELETE") return json(this.#values.delete(name));
    const value = this.#values.get(name);
    if (value !== undefined) return json({ type: typeName(value), value, revision: 1 });
    const detail = `No value found for key '${key}' in namespace '${namespace}'`;
    return problem(this.#line, 404, "not-found", target, detail);
  }
}

function typeName(value: unknown): string {
  return typeof value === "object" ? "JSON" : (typeof value).toUpperCase();
}
