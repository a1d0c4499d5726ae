/** What a run has shown, as a table to print. */
import type { Gap } from "./capabilities.js";
import type { RunnerName } from "./runner.js";

export interface Row {
  readonly runner: RunnerName;
  readonly compared: number;
  /** The gap that each skipped case falls into. */
  readonly skipped: readonly Gap[];
  readonly disagreements: number;
}

export function agreementTable(rows: readonly Row[]): string {
  const lines = [["engine", "cases compared", "skipped", "disagreements"], ...rows.map(cellsOf)];
  const widths = [0, 1, 2, 3].map((column) => Math.max(...lines.map((line) => line[column]?.length ?? 0)));
  const table = lines.map((line) => line.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join("  ").trimEnd());
  const reasons = rows.flatMap((row) =>
    distinct(row.skipped).map((gap) => `skipped in ${row.runner}: ${countOf(row, gap)} cases ${askFor(gap)}: ${gap.reason}`),
  );
  return [...table, ...reasons].join("\n");
}

function cellsOf(row: Row): string[] {
  const skipped = distinct(row.skipped).map((gap) => `${countOf(row, gap)} (${gap.rule ?? gap.need})`);
  return [row.runner, String(row.compared), skipped.join(", ") || "0", String(row.disagreements)];
}

const askFor = ({ need, rule }: Gap): string => (rule === undefined ? `that need ${need}` : `of ${rule}, which needs ${need}`);
const distinct = (gaps: readonly Gap[]): Gap[] => [...new Set(gaps)];
const countOf = (row: Row, gap: Gap): number => row.skipped.filter((other) => other === gap).length;
