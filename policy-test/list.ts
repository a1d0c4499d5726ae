import type { BundleManifest, RuleManifest } from "../wasm/manifest.js";

/** The rules as a table: id, severity, enforcement, title. */
export function formatList(rules: readonly RuleManifest[]): string {
  return table(["RULE", "SEVERITY", "ENFORCEMENT", "TITLE"], rules.map(({ id, severity, enforcement, title }) => [id, severity, enforcement, title]));
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
  return json(entries);
}

/** The bundles as a table: name, number of rules, title. */
export function formatBundles(bundles: readonly BundleManifest[]): string {
  return table(["BUNDLE", "RULES", "TITLE"], bundles.map(({ name, rules, title }) => [name, String(rules.length), title]));
}

/** The rules of a bundle, as `formatList` has them, with what the bundle makes of them. */
export function formatBundle(bundle: BundleManifest, rules: readonly RuleManifest[]): string {
  const rows = bundle.rules.map(({ id, enforcement, parameters }) => {
    const rule = rules.find((candidate) => candidate.id === id);
    const set = Object.entries(parameters).map(([name, value]) => `${name}: ${JSON.stringify(value)}`).join(", ");
    return [id, rule?.severity ?? "", enforcement, rule?.title ?? "", set];
  });
  return table(["RULE", "SEVERITY", "ENFORCEMENT", "TITLE", "PARAMETERS"], rows);
}

/** Bundles as JSON: a list of name, title, description and rules, each with id, enforcement and the parameters that the bundle sets. */
export function formatBundlesJson(bundles: readonly BundleManifest[]): string {
  return json(bundles);
}

function table(header: readonly string[], body: readonly (readonly string[])[]): string {
  const rows = [header, ...body];
  const widths = header.map((_, index) => Math.max(...rows.map((row) => row[index]?.length ?? 0)));
  return rows.map((row) => `${row.map((cell, index) => cell.padEnd(widths[index] ?? 0)).join("  ").trimEnd()}\n`).join("");
}

const json = (value: unknown): string => `${JSON.stringify(value, null, 2)}\n`;
