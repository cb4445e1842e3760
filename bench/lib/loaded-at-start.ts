import type { Metafile } from "esbuild";

/** The chunks that a bundle's entry imports, and those that they import; not what is behind `import()`. */
export function loadedAtStart({ outputs }: Metafile): Set<string> {
  const loaded = new Set<string>();
  const visit = (path: string) => {
    if (loaded.has(path)) return;
    loaded.add(path);
    for (const { kind, path: imported } of outputs[path]?.imports ?? []) {
      if (kind === "import-statement" && imported in outputs) visit(imported);
    }
  };
  visit("out/stdin.js");
  return loaded;
}
