import { loadOptional } from "../../optional-package.ts";
import type { Detector, Finding } from "./detector.ts";

/**
 * A detector on top of secretlint's recommended rules: the token formats of some dozens of vendors, kept up to date
 * by that project. Install `@secretlint/core` and `@secretlint/secretlint-rule-preset-recommend`.
 *
 * @throws ConfigError when the packages are not installed.
 */
export async function secretlintDetector(): Promise<Detector> {
  const { lintSource } = await loadOptional(
    () => import("@secretlint/core"),
    "@secretlint/core",
    "secretlintDetector()",
  );
  const { creator: preset } = await loadOptional(
    () => import("@secretlint/secretlint-rule-preset-recommend"),
    "@secretlint/secretlint-rule-preset-recommend",
    "secretlintDetector()",
  );
  // The rules one by one: as a preset they come with one that lets a text switch them off by a comment
  // (`secretlint-disable`), and here the texts are an attacker's.
  const rules = preset.rules.filter(({ meta }) => !meta.id.endsWith("filter-comments"));
  const config = { rules: rules.map((rule) => ({ id: rule.meta.id, rule })) };
  return {
    name: "secretlint",
    async find(text) {
      const { messages } = await lintSource({
        source: { content: text, filePath: "/row.txt", ext: ".txt", contentType: "text" },
        options: { config, noPhysicFilePath: true },
      });
      return messages.map(({ range: [start, end] }): Finding => ({ start, end, type: "API_KEY" }));
    },
  };
}
