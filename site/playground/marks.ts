/** What the editors show of an answer. */
import type { Diagnostic } from "@codemirror/lint";
import { partsOf } from "../../policy-test/reporters/message.js";
import type { Problem } from "../../policy-test/problem.js";
import type { Finding, InputError } from "../../policy-test/report.js";
import type { Editor } from "./editor.js";
import { isSame, type Answer, type Fixable } from "./question.js";

const SEVERITIES = { deny: "error", warn: "warning", dryrun: "info" } as const;

export function fixOf(finding: Finding, answer: Answer): Fixable | undefined {
  return "problems" in answer ? undefined : answer.fixable.find((each) => isSame(each, finding));
}

/** The marks of the manifest; each carries its fix. */
export function manifestMarks(answer: Answer, editor: Editor, fix: (finding: Finding) => void): Diagnostic[] {
  if ("problems" in answer) return [];
  const found = answer.report.findings.map((finding): Diagnostic => {
    const { what, advice } = partsOf(finding.message);
    const fixable = fixOf(finding, answer);
    return {
      ...editor.range(finding.line, finding.column),
      severity: finding.waived === undefined ? SEVERITIES[finding.enforcement] : "hint",
      source: finding.rule,
      message: advice === undefined ? what : `${what}\n→ ${advice}`,
      ...(fixable === undefined ? {} : { actions: [{ name: `Fix: ${fixable.wrote}`, apply: () => { fix(finding); } }] }),
    };
  });
  return [...answer.report.inputErrors.map((error) => markOf(error, editor)), ...found];
}

/** The marks of the settings. */
export function settingsMarks(answer: Answer, editor: Editor): Diagnostic[] {
  return "problems" in answer ? answer.problems.filter(({ line }) => line !== undefined).map((problem) => markOf(problem, editor)) : [];
}

function markOf({ line = 1, column = 1, message, help }: InputError & Pick<Problem, "help"> | Problem, editor: Editor): Diagnostic {
  return { ...editor.range(line, column), severity: "error", message: help === undefined ? message : `${message}\n→ ${help}` };
}
