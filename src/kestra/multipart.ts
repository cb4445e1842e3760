import type { KestraRequest } from "./transport.ts";

/** An input as it is sent: text, or a file. */
export type InputPart = string | Blob;

/**
 * The body of a start. Text parts are written by hand, which costs a fraction of `FormData`; files need `FormData`.
 * A text part has no filename: with one, 1.3 would store a file's URI as the value, and 2.x would refuse it.
 */
export function multipart(
  parts: Readonly<Record<string, InputPart>>,
): Pick<KestraRequest, "body" | "contentType"> {
  const entries = Object.entries(parts);
  // Kestra wants no body and no content type where there are no inputs.
  if (entries.length === 0) return {};
  if (entries.some(([, part]) => typeof part !== "string")) {
    const form = new FormData();
    for (const [name, part] of entries) {
      if (typeof part === "string") form.append(name, part);
      else form.append(name, part, part instanceof File ? part.name : name);
    }
    return { body: form };
  }
  const boundary = `kestra-arena-${crypto.randomUUID()}`;
  const texts = entries.map(
    ([name, part]) =>
      `--${boundary}\r\ncontent-disposition: form-data; name="${escapeName(name)}"\r\n\r\n${part}\r\n`,
  );
  return {
    body: `${texts.join("")}--${boundary}--\r\n`,
    contentType: `multipart/form-data; boundary=${boundary}`,
  };
}

/** As `FormData` does it. */
function escapeName(name: string): string {
  return name.replaceAll("\r", "%0D").replaceAll("\n", "%0A").replaceAll('"', "%22");
}
