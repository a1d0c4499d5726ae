/**
 * Cases with an operation, as AdmissionReviews, and cases with a cluster, as their inventory, in a suite whose assertions leave gator
 * no other answer than the expected one.
 */
import { requireEngine } from "../../engines/index.js";
import type { CompiledRule } from "../../generator/compiled.js";
import { escapeRegExp } from "../../generator/targets/gatekeeper-suite.js";
import { clusterOf } from "../../generator/targets/cases.js";
import { constraintTemplate } from "../../generator/targets/gatekeeper-template.js";
import { yamlOf } from "../../generator/targets/yaml.js";
import type { RuleCase } from "../cases.js";
import { constraintOf } from "./gator.js";
import { documents, execute, json, withFiles } from "./process.js";
import { admissionReview } from "./review.js";
import { findingsAnswer, grouped, textAnswer, type Answer } from "./runner.js";

export async function askByVerify(language: "Rego" | "CEL", rule: CompiledRule, cases: readonly RuleCase[]): Promise<Map<RuleCase, Answer>> {
  if (cases.length === 0) return new Map();
  const groups = grouped(cases);
  const tests = groups.map((group, index) => ({
    name: String(index),
    template: "template.yaml",
    constraint: `constraint-${index}.yaml`,
    cases: group.map((one) => ({
      name: nameOf(cases, one),
      object: `${nameOf(cases, one)}.yaml`,
      ...(clusterOf(one.request).length === 0 ? {} : { inventory: [inventoryFile(cases, one)] }),
      assertions: assertions(messages(language, one)),
    })),
  }));
  const files = new Map([
    ["template.yaml", yamlOf(constraintTemplate(rule))],
    ["suite.yaml", json({ apiVersion: "test.gatekeeper.sh/v1alpha1", kind: "Suite", metadata: { name: rule.meta.id }, tests })],
    ...groups.map(([first], index): [string, string] => [`constraint-${index}.yaml`, json(constraintOf(rule, "constraint", first?.parameters))]),
    ...cases.map((one): [string, string] => [
      `${nameOf(cases, one)}.yaml`,
      json(one.request.operation === undefined ? one.request.object : admissionReview(one.request)),
    ]),
    ...cases.map((one): [string, string] => [inventoryFile(cases, one), documents(clusterOf(one.request))]),
  ]);
  const given = ["verify", "--verbose", `--enable-k8s-native-validation=${String(language === "CEL")}`, "suite.yaml"];
  const { stdout, stderr } = await withFiles(files, (folder) => execute(requireEngine("gator").path, given, folder));
  return new Map(cases.map((one) => [one, verdictOf(language, one, nameOf(cases, one), `${stdout}${stderr}`)]));
}

const nameOf = (cases: readonly RuleCase[], one: RuleCase): string => `case-${cases.indexOf(one)}`;
const inventoryFile = (cases: readonly RuleCase[], one: RuleCase): string => `${nameOf(cases, one)}-cluster.yaml`;

/** What gator must say, without the paths, which it does not show here. */
function messages(language: "Rego" | "CEL", { rule, violations }: RuleCase): readonly string[] {
  return language === "CEL" ? textAnswer(rule, violations) : violations.map(({ message }) => message);
}

/** So many violations in all, and so many with each whole text: no other ones fit. */
function assertions(texts: readonly string[]): object[] {
  const each = [...new Set(texts)].map((message) => ({
    violations: texts.filter((other) => other === message).length,
    message: `^${escapeRegExp(message)}$`,
  }));
  return [{ violations: texts.length }, ...each];
}

/** A passing case has given the expected answer. A failing one shows gator's own words. */
function verdictOf(language: "Rego" | "CEL", one: RuleCase, name: string, output: string): Answer {
  const lines = output.split("\n");
  const at = lines.findIndex((line) => line.trimStart().startsWith(`--- PASS: ${name}\t`) || line.trimStart().startsWith(`--- FAIL: ${name}\t`));
  const verdict = lines[at];
  // Where the whole test fails, say because the template does not compile, its cases are not there at all.
  if (verdict === undefined) return [`(not reviewed) ${output}`];
  if (verdict.includes("--- FAIL")) return [`gator verify: ${lines[at + 1]?.trim() ?? ""}`];
  return language === "CEL" ? textAnswer(one.rule, one.violations) : findingsAnswer(one.violations);
}
