import type { KestraLine } from "../../kestra/dialect.ts";

/** What a server says of itself. */
export function configs(line: KestraLine, url: string): Record<string, unknown> {
  return {
    uuid: "QL5KUmdc5P5NzJ1yXubx2",
    version: line === "2" ? "2.0.8" : "1.3.31",
    edition: "OSS",
    chartDefaultDuration: "PT24H",
    ...(line === "2" ? { flowTemplate: "" } : { isTemplateEnabled: false }),
    isCustomDashboardsEnabled: true,
    isAnonymousUsageEnabled: false,
    isUiAnonymousUsageEnabled: false,
    url,
    preview: { initial: 100, max: 5_000 },
    systemNamespace: "system",
    hiddenLabelsPrefixes: ["system.", "internal."],
    isAiEnabled: true,
    isAiApiKeyConfigured: false,
    isBasicAuthInitialized: true,
    pluginsHash: 0,
    ...(line === "1.3" && { isConcurrencyViewEnabled: true }),
  };
}

/** True for what a line tells without credentials. */
export function isOpen(line: KestraLine, pathname: string): boolean {
  return pathname === (line === "2" ? "/api/v1/configs/login" : "/api/v1/configs");
}
