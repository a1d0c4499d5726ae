import type { Report } from "./report.js";

/** The numbers of a report. */
export interface Summary {
  readonly files: number;
  /** Objects of any kind. */
  readonly objects: number;
  readonly workloads: number;
  readonly findings: number;
  /** Findings of rules that deny. */
  readonly errors: number;
  /** Findings of rules that warn. */
  readonly warnings: number;
  readonly notChecked: number;
  /** Places of the input that could not be read or checked. */
  readonly inputErrors: number;
  /** With `--fix`: the findings that are gone. */
  readonly fixed?: number;
}

export function summaryOf(report: Report): Summary {
  const errors = report.findings.filter((finding) => finding.enforcement === "deny").length;
  return {
    files: report.files.length,
    objects: report.documents,
    workloads: report.workloads,
    findings: report.findings.length,
    errors,
    warnings: report.findings.length - errors,
    notChecked: report.notChecked.length,
    inputErrors: report.inputErrors.length,
    ...(report.fix === undefined ? {} : { fixed: report.fix.fixed.length }),
  };
}
