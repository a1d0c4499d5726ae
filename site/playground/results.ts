/** The list of what was found, beside the editors. */
import { h, type VNode } from "vue";
import { count } from "../../policy-test/values.js";
import { describePlace, describeWaiver, partsOf } from "../../policy-test/reporters/message.js";
import { labelOf } from "../../policy-test/reporters/labels.js";
import type { Problem } from "../../policy-test/problem.js";
import type { Finding } from "../../policy-test/report.js";
import { summaryOf } from "../../policy-test/summary.js";
import { fixOf } from "./marks.js";
import { isSame, MANIFEST_FILE, type Answer } from "./question.js";

export interface ResultActions {
  readonly goTo: (line: number, column: number) => void;
  readonly fix: (finding: Finding) => void;
  /** Address of a rule's page. */
  readonly pageOf: (rule: string) => string;
}

/** One line that says how it stands. */
export function summaryText(answer: Answer | undefined): string {
  if (answer === undefined) return "Loading the compiled rules…";
  if ("problems" in answer) return `The settings are wrong, so nothing was checked: ${count(answer.problems.length, "problem")}`;
  const { objects, foreign, workloads, findings, errors, warnings, audited, waived, notChecked, inputErrors } = summaryOf({ ...answer.report, files: [MANIFEST_FILE], rules: answer.rules, skipped: [], ignored: 0 });
  const more = [[audited, "audited"], [waived, "waived"], [notChecked, "not checked"], [inputErrors, "invalid"]] as const;
  const parts = [
    count(workloads, "workload"),
    `${count(findings, "finding")} (${count(errors, "error")}, ${count(warnings, "warning")})`,
    ...(foreign === 0 ? [] : [count(foreign, "other document")]),
    ...more.flatMap(([number, what]) => (number === 0 ? [] : [`${String(number)} ${what}`])),
  ];
  return objects === 0 && inputErrors === 0 ? "There is no object in the manifest" : parts.join(", ");
}

export function resultList(answer: Answer | undefined, actions: ResultActions): VNode {
  if (answer === undefined) return h("div");
  if ("problems" in answer) return h("ol", { class: "results" }, answer.problems.map((problem) => problemItem(problem)));
  const { findings, inputErrors, notChecked } = answer.report;
  return h("ol", { class: "results" }, [
    ...inputErrors.map((error) => problemItem(error, actions)),
    ...findings.map((finding) => findingItem(finding, answer, actions)),
    ...notChecked.map(({ line, column, why }) => problemItem({ line, column, message: why }, actions, "not checked")),
  ]);
}

function findingItem(finding: Finding, answer: Answer, actions: ResultActions): VNode {
  const { rule, line, column, message } = finding;
  const { what, advice } = partsOf(message);
  const fixable = fixOf(finding, answer);
  const notFixable = "problems" in answer ? undefined : answer.notFixable.find((each) => isSame(each, finding));
  return h("li", { class: ["result", labelOf(finding)] }, [
    h("p", { class: "head" }, [
      h("span", { class: "label" }, labelOf(finding)),
      placeButton(line, column, actions),
      h("a", { href: actions.pageOf(rule), target: "_self" }, rule),
    ]),
    h("p", what),
    advice === undefined ? undefined : h("p", { class: "advice" }, `→ ${advice}`),
    h("p", { class: "place" }, describePlace(finding)),
    finding.waived === undefined ? undefined : h("p", { class: "place" }, `Waived: ${describeWaiver(finding.waived)}`),
    fixable === undefined ? undefined : h("button", { type: "button", class: "fix", onClick: () => { actions.fix(finding); } }, ["Fix: ", h("code", fixable.wrote)]),
    notFixable === undefined ? undefined : h("p", { class: "place" }, `Not fixed by itself: ${notFixable.why}`),
  ]);
}

function problemItem({ line, column, message, help }: Problem, actions?: ResultActions, label: "invalid" | "not checked" = "invalid"): VNode {
  return h("li", { class: ["result", label.replace(" ", "-")] }, [
    h("p", { class: "head" }, [h("span", { class: "label" }, label), line === undefined ? undefined : placeButton(line, column ?? 1, actions)]),
    h("p", message),
    help === undefined ? undefined : h("p", { class: "advice" }, `→ ${help}`),
  ]);
}

function placeButton(line: number, column: number, actions?: ResultActions): VNode {
  const text = `line ${String(line)}`;
  return actions === undefined ? h("span", text) : h("button", { type: "button", class: "place-button", onClick: () => { actions.goTo(line, column); } }, text);
}
