import picocolors from "picocolors";
import { printable } from "../printable.js";
import { placeOf } from "../problem.js";
import type { Finding, InputError, NotChecked, Report } from "../report.js";
import { closing } from "./closing.js";
import { labelOf, paint, type Label } from "./labels.js";
import { describeWaiver } from "./message.js";
import { groupByFile, type Place } from "./places.js";
import type { ReportContext } from "./reporter.js";
import { select } from "./select.js";

type Colours = ReturnType<typeof picocolors.createColors>;

/** One line of the report: what is at a place of a file. */
export interface Line extends Place {
  readonly label: Label;
  /** Severity and rule; empty for what is not a finding. */
  readonly columns: readonly string[];
  readonly text: string;
}

/** The report as one line for each finding, aligned within each file, and at the end the numbers. */
export function formatCompact(report: Report, context: ReportContext): string {
  const colours = picocolors.createColors(context.colours);
  const selection = select(report, context);
  const { findings, notChecked } = selection;
  const lines = [...findings.map((finding) => findingLine(finding)), ...notChecked.map((object) => notCheckedLine(object)), ...fixLines(report.fix), ...report.inputErrors.map((error) => invalidLine(error))];
  const blocks = groupByFile(lines).map((group) => formatLines(group, colours));
  return [...blocks, ...closing(report, context, selection, colours)].map((block) => `${block}\n`).join("\n");
}

function findingLine({ severity, rule, constraint, message, ...finding }: Finding): Line {
  const { waived } = finding;
  const text = waived === undefined ? message : `${describeWaiver(waived)}: ${message}`;
  return { ...finding, label: labelOf(finding), columns: [severity, constraint === undefined ? rule : `${rule} (${constraint})`], text };
}

function notCheckedLine({ object, why, ...place }: NotChecked): Line {
  return { ...place, label: "not checked", columns: [], text: `${object.namespace}/${object.name}: ${why}` };
}

function invalidLine({ message, ...place }: InputError): Line {
  return { ...place, label: "invalid", columns: [], text: message };
}

/** What `--fix` has done, and what it has left alone. */
export function fixLines(fix: Report["fix"]): Line[] {
  if (fix === undefined) return [];
  return [
    ...fix.fixed.map(({ rule, wrote, ...place }): Line => ({ ...place, label: fix.diff === undefined ? "fixed" : "fixable", columns: ["", rule], text: wrote })),
    ...fix.notFixed.map(({ rule, why, ...place }): Line => ({ ...place, label: "not fixed", columns: ["", rule], text: why })),
  ];
}

export function formatLines(lines: readonly Line[], colours: Colours): string {
  const rows = lines.map((line) => ({ ...line, cells: [printable(placeOf(line)), line.label, ...line.columns] }));
  const widths = [0, 1, 2, 3].map((index) => rows.reduce((widest, { cells }) => Math.max(widest, cells[index]?.length ?? 0), 0));
  return rows
    .map(({ cells, label, text }) => {
      const [place = "", shown = "", ...rest] = cells.map((cell, index) => cell.padEnd(widths[index] ?? 0));
      return [place, paint(label, colours)(shown), ...rest.map((cell) => colours.dim(cell)), printable(text)].join("  ");
    })
    .join("\n");
}
