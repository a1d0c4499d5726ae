import { fails, type Finding, type NotChecked, type Report } from "../report.js";
import type { ReportContext } from "./reporter.js";

/** What of a report is shown to people. Input errors always are. */
export interface Selection {
  readonly findings: readonly Finding[];
  readonly notChecked: readonly NotChecked[];
  /** How many findings `--max-findings` leaves out. */
  readonly hidden: number;
}

/** Of too many findings the most serious are shown, in the order of the report. */
export function select(report: Report, { quiet, maxFindings, failOn }: Pick<ReportContext, "quiet" | "maxFindings" | "failOn">): Selection {
  const wanted = quiet ? report.findings.filter((finding) => fails(finding, failOn)) : report.findings;
  const notChecked = quiet ? [] : report.notChecked;
  if (maxFindings === undefined || wanted.length <= maxFindings) return { findings: wanted, notChecked, hidden: 0 };
  const rank = (finding: Finding): number => (finding.waived === undefined ? ["deny", "warn", "dryrun"].indexOf(finding.enforcement) : 3);
  const kept = new Set([...wanted].sort((one, other) => rank(one) - rank(other)).slice(0, maxFindings));
  return { findings: wanted.filter((finding) => kept.has(finding)), notChecked, hidden: wanted.length - maxFindings };
}
