import type { RuleManifest } from "../wasm/manifest.js";

/** The rules as a table: id, severity, enforcement, title. */
export function formatList(rules: readonly RuleManifest[]): string {
  const header = ["RULE", "SEVERITY", "ENFORCEMENT", "TITLE"];
  const rows = [header, ...rules.map(({ id, severity, enforcement, title }) => [id, severity, enforcement, title])];
  const widths = header.map((_, index) => Math.max(...rows.map((row) => row[index]?.length ?? 0)));
  return rows.map((row) => `${row.map((cell, index) => cell.padEnd(widths[index] ?? 0)).join("  ").trimEnd()}\n`).join("");
}

/** The rules as JSON: a list of id, title, description, severity, enforcement and the schema of the parameters. */
export function formatListJson(rules: readonly RuleManifest[]): string {
  const entries = rules.map(({ id, title, description, severity, enforcement, parameters }) => ({
    id,
    title,
    description,
    severity,
    enforcement,
    parameters,
  }));
  return `${JSON.stringify(entries, null, 2)}\n`;
}
