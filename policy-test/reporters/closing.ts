/** The end of a report for people. */
import type picocolors from "picocolors";
import { formatExplanation } from "../explain.js";
import { exitCodeOf, type Report } from "../report.js";
import { summaryOf } from "../summary.js";
import { count } from "../values.js";
import type { ReportContext } from "./reporter.js";
import type { Selection } from "./select.js";

type Colours = ReturnType<typeof picocolors.createColors>;

/** Explanations that were asked for, what is not shown, and the numbers; with `--quiet` nothing for a run that passes. */
export function closing(report: Report, context: ReportContext, { findings, hidden }: Selection, colours: Colours): string[] {
  const explained = context.explain ? [...new Set(findings.map(({ rule }) => rule))].sort() : [];
  const explanations = explained.flatMap((id) => {
    const rule = context.rules.get(id);
    return rule === undefined ? [] : [formatExplanation(rule).trimEnd()];
  });
  if (context.quiet && exitCodeOf(report, context.failOn) === 0) return [];
  return [...explanations, ...(hidden === 0 ? [] : [hiddenText(hidden)]), formatSummary(report, colours)];
}

/** What `--max-findings` says of the findings that it leaves out. */
export function hiddenText(hidden: number): string {
  return `${count(hidden, "more finding")} not shown (--max-findings)`;
}

/** The numbers of a report, as one line. */
export function formatSummary(report: Report, colours: Colours): string {
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
