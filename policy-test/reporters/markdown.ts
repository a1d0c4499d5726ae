import picocolors from "picocolors";
import { printable } from "../printable.js";
import { placeOf } from "../problem.js";
import { exitCodeOf, type Finding, type Report } from "../report.js";
import { summaryOf } from "../summary.js";
import { count } from "../values.js";
import { formatSummary, hiddenText } from "./closing.js";
import { labelOf } from "./labels.js";
import { describePlace, describeWaiver, noticeText, partsOf } from "./message.js";
import { groupByFile } from "./places.js";
import type { ReportContext } from "./reporter.js";
import { select } from "./select.js";

/** The report as a page: for the summary of a job, or a comment on a pull request. */
export function formatMarkdown(report: Report, context: ReportContext): string {
  const { findings, notChecked, hidden } = select(report, context);
  const code = exitCodeOf(report, context.failOn);
  if (context.quiet && code === 0) return "";
  const shown = groupByFile(findings).flat();
  return [
    `## policy-test: ${verdict(code, report)}`,
    formatSummary(report, picocolors.createColors(false)),
    ...section("Input errors", ["Place", "Problem"], report.inputErrors.map((error) => [inCode(placeOf(error)), escape(error.message)])),
    ...section("Findings", ["", "Place", "Rule", "Object", "Finding"], shown.filter(({ waived }) => waived === undefined).map((finding) => findingRow(finding))),
    ...section("Waived", ["Place", "Rule", "Object", "Why"], shown.filter(({ waived }) => waived !== undefined).map((finding) => waivedRow(finding))),
    ...section("Not checked", ["Place", "Object", "Why"], notChecked.map((entry) => [inCode(placeOf(entry)), escape(describePlace({ workload: entry.object })), escape(entry.why)])),
    ...section("Notices", ["Place", "Notice"], (context.quiet ? [] : (report.notices ?? [])).map((notice) => [inCode(placeOf(notice)), escape(noticeText(notice))])),
    ...section("Fixed", ["Place", "Rule", "Written"], (report.fix?.fixed ?? []).map((fixed) => [inCode(placeOf(fixed)), inCode(fixed.rule), inCode(fixed.wrote)])),
    ...(hidden === 0 ? [] : [escape(hiddenText(hidden))]),
    ...rulesSection(shown, context),
  ].map((part) => `${part}\n`).join("\n");
}

function verdict(code: 0 | 1 | 2, report: Report): string {
  if (code === 2) return "something could not be checked";
  if (code === 1) return "failed";
  return summaryOf(report).findings === 0 ? "clean" : "passed";
}

function findingRow(finding: Finding): string[] {
  const { rule, constraint, message } = finding;
  const { what, advice } = partsOf(message);
  const label = labelOf(finding);
  return [
    label === "error" ? "**error**" : label,
    inCode(placeOf(finding)),
    inCode(constraint === undefined ? rule : `${rule} (${constraint})`),
    escape(describePlace(finding)),
    escape(what) + (advice === undefined ? "" : `<br>**${escape(advice)}**`),
  ];
}

function waivedRow(finding: Finding): string[] {
  const { rule, waived } = finding;
  return [inCode(placeOf(finding)), inCode(rule), escape(describePlace(finding)), escape(waived === undefined ? "" : describeWaiver(waived))];
}

/** A table below a heading; nothing where it would have no rows. */
function section(title: string, header: readonly string[], rows: readonly (readonly string[])[]): string[] {
  if (rows.length === 0) return [];
  const lines = [header, header.map(() => "---"), ...rows].map((cells) => `| ${cells.join(" | ")} |`);
  return [`### ${title} (${String(rows.length)})`, lines.join("\n")];
}

/** Why the rules that have found something exist, folded away. */
function rulesSection(findings: readonly Finding[], { rules, explain }: ReportContext): string[] {
  const ids = [...new Set(findings.map(({ rule }) => rule))].sort();
  const parts = ids.flatMap((id) => {
    const rule = rules.get(id);
    if (rule === undefined) return [];
    const paragraphs = rule.description.split(/\n\s*\n/).map((paragraph) => escape(paragraph.replace(/\s+/g, " ")));
    return [`**${escape(id)}**: ${escape(rule.title)}`, ...paragraphs];
  });
  if (parts.length === 0) return [];
  return [explain ? "<details open>" : "<details>", `<summary>Why: ${count(ids.length, "rule")}</summary>`, ...parts, "</details>"];
}

/** Text that stays text: no markup, no cell of a table, no mention, reference or link. */
function escape(text: string): string {
  return printable(text)
    .replace(/[\\`*_[\]()!|~$#@{}]/g, "\\$&")
    .replace(/&/g, "&amp;")
    .replace(/</g, "&lt;")
    .replace(/>/g, "&gt;")
    // GitHub looks for these after it has taken the backslashes away.
    .replace(/\\[@#]|:(?=\/\/)|www(?=\.)/gi, "$&<!-- -->");
}

function inCode(text: string): string {
  return `<code>${escape(text)}</code>`;
}
