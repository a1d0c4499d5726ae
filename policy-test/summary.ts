import type { Report, ReportedEnforcement } from "./report.js";

/** The numbers of a report. */
export interface Summary {
  readonly files: number;
  /** Objects of any kind. */
  readonly objects: number;
  readonly workloads: number;
  /** Documents that are no objects of Kubernetes: passed over. */
  readonly foreign: number;
  /** Templates of Helm charts that were not checked. */
  readonly skipped: number;
  /** Files and folders that `.policytestignore` leaves out. */
  readonly ignored: number;
  /** Those that are not waived. */
  readonly findings: number;
  /** Findings of rules that deny. */
  readonly errors: number;
  /** Findings of rules that warn. */
  readonly warnings: number;
  /** Findings of rules that the cluster only audits. */
  readonly audited: number;
  readonly waived: number;
  readonly notChecked: number;
  /** Places of the input that could not be read or judged. */
  readonly inputErrors: number;
  /** With `--fix`: the findings that are gone. */
  readonly fixed?: number;
}

export function summaryOf(report: Report): Summary {
  const counted = report.findings.filter(({ waived }) => waived === undefined);
  const withEnforcement = (value: ReportedEnforcement): number => counted.filter(({ enforcement }) => enforcement === value).length;
  return {
    files: report.files.length,
    objects: report.documents - report.foreign,
    workloads: report.workloads,
    foreign: report.foreign,
    skipped: report.skipped.length,
    ignored: report.ignored,
    findings: counted.length,
    errors: withEnforcement("deny"),
    warnings: withEnforcement("warn"),
    audited: withEnforcement("dryrun"),
    waived: report.findings.length - counted.length,
    notChecked: report.notChecked.length,
    inputErrors: report.inputErrors.length,
    ...(report.fix === undefined ? {} : { fixed: report.fix.fixed.length }),
  };
}
