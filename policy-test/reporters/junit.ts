import { printable } from "../printable.js";
import { placeOf, type Problem } from "../problem.js";
import { fails, type Finding, type InputError, type NotChecked, type Report } from "../report.js";
import { labelOf } from "./labels.js";
import { describePlace, describeWaiver, noticeText, partsOf } from "./message.js";
import { groupByFile, type Place } from "./places.js";
import type { ReportContext } from "./reporter.js";
import { xmlAttributes, xmlText } from "./xml.js";

/** A test, in the words of JUnit. */
interface Case extends Place {
  /** The same from run to run, whatever the line, and no other's in its suite. */
  readonly name: string;
  readonly classname: string;
  readonly outcome: "passed" | "skipped" | "failure" | "error";
  readonly type: string;
  readonly message: string;
  readonly detail: string;
}

/**
 * The report as JUnit's XML: a suite for each file, in it a test for each finding, or one that passes where there is none. What
 * makes the run fail is a failure, what could not be checked an error; warnings, audits, waived findings and objects that are
 * not checked are skipped tests, which CI shows without failing for them.
 */
export function formatJunit(report: Report, { failOn }: ReportContext): string {
  const cases: Case[] = [
    ...report.findings.map((finding) => findingCase(finding, fails(finding, failOn))),
    ...report.notChecked.map((object) => notCheckedCase(object)),
    ...report.inputErrors.map((error) => errorCase(error)),
    ...(report.notices ?? []).map((notice) => noticeCase(notice)),
  ];
  const suites = new Map(report.files.map((file): [string, Case[]] => [file, [passed(file)]]));
  for (const group of groupByFile(cases)) suites.set(group[0]?.file ?? "", group);
  const all = [...suites.values()].flat();
  return [
    '<?xml version="1.0" encoding="UTF-8"?>\n',
    `<testsuites${xmlAttributes({ name: "policy-test", ...counts(all) })}>\n`,
    ...[...suites].map(([file, group]) => formatSuite(file, group)),
    "</testsuites>\n",
  ].join("");
}

/** Texts of one line each: some readers show them as they are. */
const lines = (...parts: readonly string[]): string => parts.map((part) => printable(part)).join("\n");

function findingCase(finding: Finding, isFailure: boolean): Case {
  const { file, line, column, rule, constraint, severity, message, path, waived } = finding;
  const { what, advice } = partsOf(message);
  const label = labelOf(finding);
  return {
    file,
    line,
    column,
    name: `${rule}: ${describePlace(finding)}: ${path}${constraint === undefined ? "" : ` (${constraint})`}`,
    classname: rule,
    outcome: isFailure ? "failure" : "skipped",
    type: label,
    message: waived === undefined ? `${label}: ${what}` : `waived: ${describeWaiver(waived)}: ${what}`,
    detail: lines(`${placeOf(finding)} (severity ${severity})`, what, ...(advice === undefined ? [] : [`help: ${advice}`])),
  };
}

function notCheckedCase({ object, why, ...place }: NotChecked): Case {
  const name = `not checked: ${describePlace({ workload: object })}`;
  return { ...place, name, classname: "not-checked", outcome: "skipped", type: "not checked", message: `not checked: ${why}`, detail: "" };
}

function errorCase({ message, ...place }: InputError): Case {
  return { ...place, name: `input: ${message}`, classname: "input", outcome: "error", type: "invalid", message, detail: lines(placeOf(place), message) };
}

function noticeCase(notice: Problem): Case {
  const { file = "", line, column, message } = notice;
  return { file, line, column, name: `notice: ${message}`, classname: "notice", outcome: "skipped", type: "notice", message: noticeText(notice), detail: "" };
}

function passed(file: string): Case {
  return { file, name: "no findings", classname: "policy-test", outcome: "passed", type: "", message: "", detail: "" };
}

/** Some readers ask for a time. */
function counts(cases: readonly Case[]): Record<string, number> {
  const number = (outcome: Case["outcome"]): number => cases.filter((each) => each.outcome === outcome).length;
  return { tests: cases.length, time: 0, failures: number("failure"), errors: number("error"), skipped: number("skipped") };
}

function formatSuite(file: string, cases: readonly Case[]): string {
  const seen = new Map<string, number>();
  const formatted = cases.map((each) => {
    const number = (seen.get(each.name) ?? 0) + 1;
    seen.set(each.name, number);
    return formatCase(number === 1 ? each : { ...each, name: `${each.name} #${String(number)}` });
  });
  return `  <testsuite${xmlAttributes({ name: file === "" ? "policy-test" : file, ...counts(cases) })}>\n${formatted.join("")}  </testsuite>\n`;
}

function formatCase({ name, classname, file, line, outcome, type, message, detail }: Case): string {
  const start = `    <testcase${xmlAttributes({ name: printable(name), classname, file: file === "" ? undefined : file, line, time: 0 })}`;
  if (outcome === "passed") return `${start}/>\n`;
  if (outcome === "skipped") return `${start}>\n      <skipped${xmlAttributes({ message: printable(message) })}/>\n    </testcase>\n`;
  return `${start}>\n      <${outcome}${xmlAttributes({ message: printable(message), type })}>${xmlText(detail)}</${outcome}>\n    </testcase>\n`;
}
