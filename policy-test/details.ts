import { printable } from "./printable.js";
import type { Report } from "./report.js";
import { labelOf, type Label } from "./reporters/labels.js";
import { count } from "./values.js";

/** What `--verbose` tells: the config, the rules, and each file with what was found in it. */
export function formatDetails(report: Report, paths: readonly string[]): string {
  const found = countsByFile(report);
  const lines = [
    `paths: ${paths.join(", ")}`,
    `config: ${report.config ?? "none"}`,
    `rules: ${String(report.rules.length)} (${report.rules.join(", ")})`,
    ...report.files.map((file) => `file: ${file}: ${describe(found.get(file))}`),
  ];
  return lines.map((line) => `${printable(line)}\n`).join("");
}

/** By file, how many entries of the report have each label. */
function countsByFile({ findings, notChecked, inputErrors }: Report): ReadonlyMap<string, ReadonlyMap<Label, number>> {
  const files = new Map<string, Map<Label, number>>();
  const add = (file: string, label: Label): void => {
    const numbers = files.get(file) ?? new Map<Label, number>();
    files.set(file, numbers.set(label, (numbers.get(label) ?? 0) + 1));
  };
  for (const finding of findings) add(finding.file, labelOf(finding));
  for (const { file } of notChecked) add(file, "not checked");
  for (const { file } of inputErrors) add(file, "invalid");
  return files;
}

function describe(numbers: ReadonlyMap<Label, number> = new Map()): string {
  if (numbers.size === 0) return "clean";
  return [...numbers].map(([label, number]) => (label === "error" || label === "warning" ? count(number, label) : `${String(number)} ${label}`)).join(", ");
}
