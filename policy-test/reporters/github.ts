import picocolors from "picocolors";
import { printable } from "../printable.js";
import type { Problem } from "../problem.js";
import { fails, type Finding, type InputError, type NotChecked, type Report } from "../report.js";
import { formatSummary, hiddenText } from "./closing.js";
import { labelOf } from "./labels.js";
import { describePlace, describeWaiver, noticeText } from "./message.js";
import { groupByFile, type Place } from "./places.js";
import type { ReportContext } from "./reporter.js";
import { select } from "./select.js";

interface Annotation extends Place {
  readonly command: "error" | "warning" | "notice";
  readonly title: string;
  readonly text: string;
}

const COMMANDS: readonly Annotation["command"][] = ["error", "warning", "notice"];

/** GitHub shows so many annotations of a sort for a step, and drops the rest. */
const SHOWN = 10;

/**
 * The report as workflow commands, which GitHub Actions shows at the lines of a pull request; the errors come first, since it shows
 * only some. What makes the run fail is an error there.
 */
export function formatGithub(report: Report, context: ReportContext): string {
  const { findings, notChecked, hidden } = select(report, context);
  const annotations = groupByFile<Annotation>([
    ...report.inputErrors.map((error) => errorAnnotation(error)),
    ...findings.map((finding) => findingAnnotation(finding, fails(finding, context.failOn))),
    ...notChecked.map((object) => notCheckedAnnotation(object)),
    ...(context.quiet ? [] : (report.notices ?? [])).map((notice) => noticeAnnotation(notice)),
  ]).flat();
  const groups = COMMANDS.map((command) => annotations.filter((annotation) => annotation.command === command));
  const dropped = groups.reduce((sum, group) => sum + Math.max(0, group.length - SHOWN), 0);
  const numbers = context.quiet && annotations.length === 0 ? [] : [formatSummary(report, picocolors.createColors(false))];
  const limits = [
    ...(hidden === 0 ? [] : [hiddenText(hidden)]),
    ...(dropped === 0 ? [] : [`GitHub shows ${String(SHOWN)} errors, warnings and notices each of a step at their lines; ${String(dropped)} more are in this log only`]),
  ];
  return [...groups.flat().map((annotation) => formatCommand(annotation)), ...limits, ...numbers].map((line) => `${line}\n`).join("");
}

function findingAnnotation(finding: Finding, isFailure: boolean): Annotation {
  const { file, line, column, rule, constraint, enforcement, message, waived } = finding;
  const label = labelOf(finding);
  return {
    file,
    line,
    column,
    command: isFailure ? "error" : waived === undefined && enforcement !== "dryrun" ? "warning" : "notice",
    title: `${constraint === undefined ? rule : `${rule} (${constraint})`} in ${describePlace(finding)}`,
    text: waived === undefined ? (label === "audit" ? `only audited: ${message}` : message) : `waived, ${describeWaiver(waived)}: ${message}`,
  };
}

function notCheckedAnnotation({ object, why, ...place }: NotChecked): Annotation {
  return { ...place, command: "warning", title: `not checked: ${describePlace({ workload: object })}`, text: why };
}

function errorAnnotation({ message, ...place }: InputError): Annotation {
  return { ...place, command: "error", title: "policy-test cannot check this", text: message };
}

function noticeAnnotation(notice: Problem): Annotation {
  const { file = "", line, column } = notice;
  return { file, line, column, command: "notice", title: "policy-test", text: noticeText(notice) };
}

function formatCommand({ command, file, line, column, title, text }: Annotation): string {
  const properties = Object.entries({ file: file === "" ? undefined : file, line, col: column, title })
    .flatMap(([name, value]) => (value === undefined ? [] : [`${name}=${escapeProperty(String(value))}`]))
    .join(",");
  return `::${command} ${properties}::${escapeText(text)}`;
}

/** As the runner reads it: what would end the command, and its own escapes. */
function escapeText(text: string): string {
  return printable(text).replace(/%/g, "%25");
}

function escapeProperty(text: string): string {
  return escapeText(text).replace(/:/g, "%3A").replace(/,/g, "%2C");
}
