import picocolors from "picocolors";
import { printable } from "../printable.js";
import { placeOf } from "../problem.js";
import type { Report, ReportedEnforcement } from "../report.js";
import { summaryOf } from "../summary.js";
import { count } from "../values.js";

type Label = "error" | "warning" | "audit" | "waived" | "not checked" | "invalid" | "fixed" | "fixable" | "not fixed";
type Colours = ReturnType<typeof picocolors.createColors>;

const LABELS = { deny: "error", warn: "warning", dryrun: "audit" } as const satisfies Record<ReportedEnforcement, Label>;

/** One line of the report: what is at a place of a file. */
interface Line {
  readonly file: string;
  readonly line?: number | undefined;
  readonly column?: number | undefined;
  readonly label: Label;
  /** Severity and rule; empty for what is not a finding. */
  readonly columns: readonly string[];
  readonly text: string;
}

/** The report for people: a line for each finding, aligned within each file, and at the end the numbers. */
export function formatText(report: Report, options: { readonly colours: boolean }): string {
  const colours = picocolors.createColors(options.colours);
  const blocks = groupByFile(linesOf(report)).map((lines) => formatLines(lines, colours));
  return [...blocks, formatSummary(report, colours)].map((block) => `${block}\n`).join("\n");
}

function linesOf({ findings, notChecked, inputErrors, fix }: Report): Line[] {
  return [
    ...findings.map(({ severity, rule, message, ...finding }): Line => {
      const { enforcement, waived } = finding;
      const label = waived === undefined ? LABELS[enforcement] : "waived";
      return { ...finding, label, columns: [severity, rule], text: waived === undefined ? message : `${waived.reason}: ${message}` };
    }),
    ...notChecked.map(({ object, why, ...place }): Line => {
      return { ...place, label: "not checked", columns: [], text: `${object.namespace}/${object.name}: ${why}` };
    }),
    ...(fix?.fixed ?? []).map(({ rule, wrote, ...place }): Line => ({ ...place, label: fix?.diff === undefined ? "fixed" : "fixable", columns: ["", rule], text: wrote })),
    ...(fix?.notFixed ?? []).map(({ rule, why, ...place }): Line => ({ ...place, label: "not fixed", columns: ["", rule], text: why })),
    ...inputErrors.map(({ message, ...place }): Line => ({ ...place, label: "invalid", columns: [], text: message })),
  ];
}

/** The lines of each file from top to bottom; the files in the order in which they first occur. */
function groupByFile(lines: readonly Line[]): Line[][] {
  const groups = new Map<string, Line[]>();
  for (const line of lines) {
    const group = groups.get(line.file);
    if (group === undefined) groups.set(line.file, [line]);
    else group.push(line);
  }
  return [...groups.values()].map((group) =>
    group.sort((one, other) => (one.line ?? 0) - (other.line ?? 0) || (one.column ?? 0) - (other.column ?? 0)),
  );
}

function formatLines(lines: readonly Line[], colours: Colours): string {
  const paint = {
    error: colours.red,
    warning: colours.yellow,
    audit: colours.cyan,
    waived: colours.dim,
    "not checked": colours.cyan,
    invalid: colours.red,
    fixed: colours.green,
    fixable: colours.green,
    "not fixed": colours.cyan,
  } satisfies Record<Label, unknown>;
  const rows = lines.map((line) => ({ ...line, cells: [printable(placeOf(line)), line.label, ...line.columns] }));
  const widths = [0, 1, 2, 3].map((index) => rows.reduce((widest, { cells }) => Math.max(widest, cells[index]?.length ?? 0), 0));
  return rows
    .map(({ cells, label, text }) => {
      const [place = "", shown = "", ...rest] = cells.map((cell, index) => cell.padEnd(widths[index] ?? 0));
      return [place, paint[label](shown), ...rest.map((cell) => colours.dim(cell)), printable(text)].join("  ");
    })
    .join("\n");
}

function formatSummary(report: Report, colours: Colours): string {
  const summary = summaryOf(report);
  const findings = count(summary.findings, "finding");
  const split = summary.findings === 0 ? "" : ` (${count(summary.errors, "error")}, ${count(summary.warnings, "warning")})`;
  return [
    count(summary.files, "file"),
    count(summary.workloads, "workload"),
    summary.errors > 0 ? colours.red(findings + split) : summary.warnings > 0 ? colours.yellow(findings + split) : findings,
    ...(summary.fixed === undefined ? [] : [colours.green(`${String(summary.fixed)} ${report.fix?.diff === undefined ? "fixed" : "fixable"}`)]),
    ...(summary.audited === 0 ? [] : [colours.cyan(`${String(summary.audited)} only audited`)]),
    ...(summary.waived === 0 ? [] : [`${String(summary.waived)} waived`]),
    ...(summary.foreign === 0 ? [] : [count(summary.foreign, "other document")]),
    ...(summary.skipped === 0 ? [] : [colours.cyan(`${count(summary.skipped, "Helm template")} skipped`)]),
    ...(summary.ignored === 0 ? [] : [`${count(summary.ignored, "path")} ignored`]),
    ...(summary.notChecked === 0 ? [] : [colours.cyan(`${count(summary.notChecked, "object")} not checked`)]),
    ...(summary.inputErrors === 0 ? [] : [colours.red(count(summary.inputErrors, "input error"))]),
  ].join(", ");
}
