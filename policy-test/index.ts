/** The public door: `import { check } from "hostnetwork-policies/policy-test"`. */
import { placeOf } from "./problem.js";
import type { Report } from "./report.js";
import { run, type RunOptions } from "./run.js";

export type { EngineName } from "./engine.js";
export type { Fixed, FixReport, NotFixed } from "./fix/report.js";
export type { Finding, InputError, NotChecked, ObjectName, Report } from "./report.js";
export { exitCodeOf } from "./report.js";
export type { RunOptions } from "./run.js";

/**
 * Checks manifests as the command does.
 * @param options.cwd folder that paths are relative to; the working folder by default
 * @throws Error for unknown rules, a config that is not valid and when there is nothing to check;
 *   single files that cannot be read are `inputErrors` of the report
 */
export async function check({ cwd = process.cwd(), ...options }: RunOptions & { readonly cwd?: string }): Promise<Report> {
  const report = await run(options, { cwd, stdin: process.stdin });
  if (!("problems" in report)) return report;
  throw new Error(report.problems.map((problem) => [placeOf(problem), problem.message].filter((part) => part !== "").join(": ")).join("\n"));
}
