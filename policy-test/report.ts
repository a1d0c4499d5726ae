import type { Excerpts } from "./excerpts.js";
import type { FixReport } from "./fix/report.js";
import type { Enforcement, Severity } from "../policies/kit/rule.js";
import type { Move } from "./moves.js";
import type { Problem } from "./problem.js";

/** Who an object is, as a person would name it. */
export interface ObjectName {
  readonly kind: string;
  readonly namespace: string;
  readonly name: string;
}

/** What the cluster would do: `deny` rejects the object, `warn` admits it with a warning, `dryrun` admits it silently and only audits it. */
export type ReportedEnforcement = Enforcement | "dryrun";

/** Why a finding is accepted, in the words of the config. */
export interface Waived {
  readonly reason: string;
  /** The last day on which it is accepted, YYYY-MM-DD. */
  readonly expires?: string;
}

/** One violation of one rule in a manifest. */
export interface Finding {
  readonly rule: string;
  /** Name of the Constraint that asked for the rule, where the config is Constraints. */
  readonly constraint?: string;
  readonly severity: Severity;
  readonly enforcement: ReportedEnforcement;
  /** Where the config waives the finding; it is then shown, and counts for nothing. */
  readonly waived?: Waived;
  readonly message: string;
  readonly file: string;
  /** 1-based. */
  readonly line: number;
  /** 1-based. */
  readonly column: number;
  readonly workload: ObjectName;
  /** Name of the container that it lies in; absent where it lies in none, or in one without a name. */
  readonly container?: string;
  /** From the object's root, such as `spec.template.spec.containers[0].image`. */
  readonly path: string;
}

/** An object that makes Pods in a way that the rules do not know; neither clean nor violating. */
export interface NotChecked {
  readonly file: string;
  readonly line: number;
  readonly column: number;
  readonly object: ObjectName;
  readonly why: string;
}

/** Input that could not be read or judged. The position is missing where the whole file is meant. */
export interface InputError {
  readonly file: string;
  readonly line?: number;
  readonly column?: number;
  readonly message: string;
}

/** A file that was not checked, since it is the template of a Helm chart. */
export interface SkippedTemplate {
  readonly file: string;
  /** Where its first action stands. */
  readonly line: number;
  /** Folder of the chart. */
  readonly chart: string;
}

/** What was found in one file. */
export interface FileReport {
  /** Documents in the file, of any kind. */
  readonly documents: number;
  /** Those of them that are no objects of Kubernetes. */
  readonly foreign: number;
  readonly workloads: number;
  readonly findings: readonly Finding[];
  readonly notChecked: readonly NotChecked[];
  readonly inputErrors: readonly InputError[];
  /** Objects that stood in another file of the base. */
  readonly moves: readonly Move[];
  /** Numbers of the config's waivers that waived something. */
  readonly usedWaivers: readonly number[];
}

/** What was found in all files, each list in the order of the files and then of the lines; files that cannot be read first. */
export interface Report extends Omit<FileReport, "moves" | "usedWaivers"> {
  /** The files that were read, as shown. */
  readonly files: readonly string[];
  readonly skipped: readonly SkippedTemplate[];
  /** Files and folders that `.policytestignore` leaves out. */
  readonly ignored: number;
  /** Ids of the rules that were run. */
  readonly rules: readonly string[];
  /** The config in use, as seen from the working folder. */
  readonly config?: string;
  /** What people should know, and what changes nothing about the result. */
  readonly notices?: readonly Problem[];
  /** Where they were asked for: the lines that findings and input errors stand on. */
  readonly excerpts?: Excerpts;
  /** With `--fix`; the findings are then those that remain. */
  readonly fix?: FixReport;
}

/** What makes a run fail: findings that deny, those that warn too, or none. */
export type FailOn = "deny" | "warn" | "never";

/** Whether a finding makes a run fail. One that is waived or only audited never does. */
export function fails({ enforcement, waived }: Pick<Finding, "enforcement" | "waived">, failOn: FailOn = "deny"): boolean {
  if (waived !== undefined || failOn === "never") return false;
  return enforcement === "deny" || (enforcement === "warn" && failOn === "warn");
}

/** 0: clean, or nothing that makes a run fail; 1: something does; 2: something could not be checked. */
export function exitCodeOf(report: Pick<Report, "findings" | "inputErrors">, failOn: FailOn = "deny"): 0 | 1 | 2 {
  if (report.inputErrors.length > 0) return 2;
  return report.findings.some((finding) => fails(finding, failOn)) ? 1 : 0;
}
