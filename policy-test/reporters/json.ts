import type { FixReport } from "../fix/report.js";
import { summaryOf, type Summary } from "../summary.js";
import type { Problem } from "../problem.js";
import type { Finding, InputError, NotChecked, Report, SkippedTemplate } from "../report.js";

/** What `--format json` prints. Fields are only ever added; anything else raises `version`. */
export interface JsonReport {
  readonly version: 1;
  /** The config in use, as seen from the working folder. */
  readonly config?: string;
  readonly summary: Summary;
  /** The files that were read. */
  readonly files: readonly string[];
  readonly skipped: readonly SkippedTemplate[];
  readonly findings: readonly Finding[];
  readonly notChecked: readonly NotChecked[];
  readonly inputErrors: readonly InputError[];
  /** What people should know, and what changes nothing about the result. */
  readonly notices?: readonly Problem[];
  /** With `--fix`; the findings are then those that remain. */
  readonly fix?: FixReport;
}

/** The report as JSON; see JsonReport. */
export function formatJson(report: Report): string {
  const { config, files, skipped, findings, notChecked, inputErrors, notices, fix } = report;
  const json: JsonReport = {
    version: 1,
    ...(config === undefined ? {} : { config }),
    summary: summaryOf(report),
    files,
    skipped,
    findings,
    notChecked,
    inputErrors,
    ...(notices === undefined ? {} : { notices }),
    ...(fix === undefined ? {} : { fix }),
  };
  return `${JSON.stringify(json, null, 2)}\n`;
}
