/** Reports of suites, for people and for programs. */
import picocolors from "picocolors";
import { printable } from "../printable.js";
import { placeOf } from "../problem.js";
import { count } from "../values.js";
import type { CaseResult, Outcome, SuiteReport } from "./result.js";

const OUTCOMES = ["ok", "failed", "skipped", "not run"] as const satisfies readonly Outcome[];

/** A line for each case, what is wrong with it below, and at the end the numbers. */
export function formatSuites(report: SuiteReport, options: { readonly colours: boolean }): string {
  const colours = picocolors.createColors(options.colours);
  const paint: Readonly<Record<Outcome, (text: string) => string>> = { ok: colours.green, failed: colours.red, skipped: colours.dim, "not run": colours.yellow };
  const lines = report.cases.flatMap((one) => [
    `${paint[one.outcome](one.outcome.padEnd(7))}  ${printable(`${placeOf(one)}  ${labelOf(one)}`)}`,
    ...one.details.map((detail) => `${" ".repeat(9)}${printable(detail)}`),
  ]);
  return [...lines, ...(lines.length === 0 ? [] : [""]), summaryOf(report), ""].join("\n");
}

const labelOf = (one: CaseResult): string => [one.test, one.case].filter((part) => part !== "").join(" / ");

function summaryOf({ suites, cases }: SuiteReport): string {
  const numbers = OUTCOMES.flatMap((outcome) => {
    const number = cases.filter((one) => one.outcome === outcome).length;
    return number === 0 ? [] : [`${String(number)} ${outcome}`];
  });
  return [count(suites, "suite"), count(cases.length, "case"), ...numbers].join(", ");
}

export function formatSuitesJson(report: SuiteReport): string {
  return `${JSON.stringify(report, undefined, 2)}\n`;
}
