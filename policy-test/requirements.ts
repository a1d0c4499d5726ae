/** What is asked of the input beyond that it can be read. */
import { STDIN } from "./input.js";
import type { Problem } from "./problem.js";
import type { InputError, SkippedTemplate } from "./report.js";
import type { Outcome } from "./share.js";
import { count } from "./values.js";

/** With `--strict-files`: templates of charts are no files to pass over. */
export function templateErrors(skipped: readonly SkippedTemplate[]): InputError[] {
  return skipped.map(({ file, line, chart }) => ({ file, line, column: 1, message: `a template of the Helm chart ${chart} is no manifest; ${rendering(chart)}` }));
}

/**
 * With `--require-workloads`: each path must bring at least one, so that a mistaken path is no clean one.
 * @param perPath which of the outcomes belong to each path
 */
export function workloadErrors(paths: readonly string[], perPath: readonly (readonly number[])[], outcomes: readonly Outcome[]): InputError[] {
  const hasWorkload = (number: number): boolean => {
    const outcome = outcomes[number];
    return outcome !== undefined && "report" in outcome && outcome.report.workloads > 0;
  };
  return paths
    .filter((_, index) => !(perPath[index] ?? []).some(hasWorkload))
    .map((path) => ({ file: path === STDIN ? "<stdin>" : path, message: "no workload in it, and `--require-workloads` asks for one" }));
}

/** What people read of the templates that were passed over, once for each chart. */
export function templateNotices(skipped: readonly SkippedTemplate[]): Problem[] {
  const counts = new Map<string, number>();
  for (const { chart } of skipped) counts.set(chart, (counts.get(chart) ?? 0) + 1);
  return [...counts].map(([chart, number]) => ({ message: `${count(number, "Helm template")} of ${chart} not checked`, help: rendering(chart) }));
}

const rendering = (chart: string): string => `check what Helm makes of it: helm template ${/^[\w./-]+$/.test(chart) ? chart : `'${chart.replaceAll("'", String.raw`'\''`)}'`} | policy-test -`;
