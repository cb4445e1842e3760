import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { parseDocument } from "yaml";
import { root } from "./pages.ts";

describe("the examples", () => {
  it("are one task a file, on 40 lines at the most, and begin by saying which", () => {
    const folder = join(root, "examples");
    for (const name of readdirSync(folder).filter((file) => file.endsWith(".ts"))) {
      const text = readFileSync(join(folder, name), "utf8");
      expect(text.split("\n").length, name).toBeLessThanOrEqual(41);
      expect(text, name).toMatch(/^\/\*\* .+\. .*\*\/|^\/\*\* .+ \*\//);
    }
  });
});

describe("examples/kestra/compose.yaml", () => {
  const compose = parseDocument(readFileSync(join(root, "examples/kestra/compose.yaml"), "utf8"));
  const { services, volumes } = compose.toJS();
  const { environment } = services.kestra;

  it("gives Kestra what the quick start says", () => {
    expect(compose.errors).toEqual([]);
    expect(services.kestra.image).toBe(`kestra/kestra:\${KESTRA_VERSION:-v2.0.8}`);
    expect(services.kestra.ports).toEqual([`127.0.0.1:\${KESTRA_PORT:-8080}:8080`]);
    expect(environment.ENV_ARENA_API_URL).toContain("http://host.docker.internal:3001");
    expect(Object.keys(environment)).toEqual(
      expect.arrayContaining(["ENV_ARENA_API_KEY", "ENV_OUMI_API_URL"]),
    );
  });

  it("keeps data and files in volumes, and asks for a user", () => {
    const mounted = services.kestra.volumes.map((volume: string) => volume.split(":"));
    expect(Object.keys(volumes)).toEqual(mounted.map(([name]: string[]) => name));
    const configuration = parseDocument(environment.KESTRA_CONFIGURATION).toJS();
    const { storage, server } = configuration.kestra;
    const paths = mounted.map(([, path]: string[]) => path);
    expect(paths).toContain(storage.local["base-path"]);
    expect(configuration.datasources.h2.url).toContain(`jdbc:h2:file:${paths[0]}/`);
    expect(Object.keys(server["basic-auth"])).toEqual(["username", "password"]);
  });
});
