import type { Finding, ObjectName } from "../report.js";

/** A finding that `--fix` has fixed, or would fix. */
export interface Fixed {
  readonly rule: string;
  readonly file: string;
  /** Where the field stands in the fixed text. */
  readonly line: number;
  readonly column: number;
  readonly workload: ObjectName;
  readonly path: string;
  /** The field as it is now: `dnsPolicy: ClusterFirstWithHostNet`. */
  readonly wrote: string;
}

/** A finding of a rule with a fix that is left to a person. It is among the findings too. */
export interface NotFixed extends Pick<Finding, "rule" | "file" | "line" | "column" | "workload" | "path"> {
  readonly why: string;
}

/** What `--fix` has done. */
export interface FixReport {
  readonly fixed: readonly Fixed[];
  readonly notFixed: readonly NotFixed[];
  /** With `--dry-run`: what would change, as a unified diff; empty where nothing would. */
  readonly diff?: string;
}
