/** What became of the cases of suites. */
import { textOf, type Problem } from "../problem.js";

/** `not run`: it could not be asked; never taken for a success. */
export type Outcome = "ok" | "failed" | "skipped" | "not run";

/** One expectation of a suite. */
export interface CaseResult {
  readonly outcome: Outcome;
  readonly file: string;
  /** 1-based; where the case stands in the suite. */
  readonly line: number;
  readonly column: number;
  /** The test of a Gatekeeper Suite, or the Kyverno Test. */
  readonly test: string;
  /** The case of the test, or the policy and resource of a result. */
  readonly case: string;
  /** Why it failed or was not run: what is wrong, and on further lines what was found. */
  readonly details: readonly string[];
}

export interface SuiteReport {
  readonly suites: number;
  /** In the order of the files and lines. */
  readonly cases: readonly CaseResult[];
  /** Suites that cannot be read. */
  readonly problems: readonly Problem[];
}

/** 0: every case is ok or skipped by the suite itself; 1: a case failed; 2: something could not be run, or nothing was. */
export function exitCodeOfSuites({ cases, problems }: SuiteReport): 0 | 1 | 2 {
  const has = (outcome: Outcome): boolean => cases.some((each) => each.outcome === outcome);
  if (problems.length > 0 || has("not run") || !(has("ok") || has("failed"))) return 2;
  return has("failed") ? 1 : 0;
}

/** The details of whatever kept a case from being run. */
export const detailsOf = (error: unknown): readonly string[] => (error instanceof NotRunError ? error.details : [textOf(error)]);

/** Why a case or a test cannot be run, as something to throw. */
export class NotRunError extends Error {
  readonly details: readonly string[];

  constructor(...details: readonly string[]) {
    super(details.join("\n"));
    this.details = details;
  }
}
