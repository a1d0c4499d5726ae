import { placeOf } from "./problem.js";
import { printable } from "./printable.js";
import type { Report } from "./report.js";
import { labelOf } from "./reporters/labels.js";
import { count } from "./values.js";

/** What `--verbose` tells: the config, the rules, and each file with what was found in it. */
export function formatDetails(report: Report, paths: readonly string[]): string {
  const lines = [
    `paths: ${paths.join(", ")}`,
    `config: ${report.config ?? "none"}`,
    `rules: ${String(report.rules.length)} (${report.rules.join(", ")})`,
    ...report.files.map((file) => `file: ${placeOf({ file })}: ${describe(file, report)}`),
  ];
  return lines.map((line) => `${printable(line)}\n`).join("");
}

function describe(file: string, { findings, notChecked, inputErrors }: Report): string {
  const numbers = new Map<string, number>();
  const add = (label: string): void => void numbers.set(label, (numbers.get(label) ?? 0) + 1);
  for (const finding of findings) if (finding.file === file) add(labelOf(finding));
  for (const object of notChecked) if (object.file === file) add("not checked");
  for (const error of inputErrors) if (error.file === file) add("invalid");
  if (numbers.size === 0) return "clean";
  return [...numbers].map(([label, number]) => (label === "error" || label === "warning" ? count(number, label) : `${String(number)} ${label}`)).join(", ");
}
