/** One page for each rule, and the table of them. */
import type { Bundle } from "../bundles.js";
import type { CompiledRule } from "../compiled.js";
import { isObject, objectEntries, type JsonObject } from "../schema/json.js";
import { capabilitiesOf, hasArtefact } from "./capabilities.js";
import type { Case } from "./cases.js";
import { examplesOf } from "./examples.js";
import { constraintTemplate } from "./gatekeeper-template.js";
import { kindOf } from "./names.js";
import { cell, parameterRows, prose } from "./parameter-rows.js";
import { render } from "./render.js";
import { yamlOf, type Files } from "./yaml.js";

/** The pages, below their folder: `<rule>.md` and `README.md`. */
export function pageFiles(
  rules: readonly CompiledRule[],
  casesOf: (rule: CompiledRule) => readonly Case[],
  source: string,
  bundles: readonly Bundle[],
): Files {
  return new Map([
    ["README.md", index(rules, source, bundles)],
    ...rules.map((rule): [string, string] => [`${rule.meta.id}.md`, page(rule, casesOf(rule), bundles)]),
  ]);
}

function index(rules: readonly CompiledRule[], source: string, bundles: readonly Bundle[]): string {
  const rows = rules.map(({ meta }) => ({
    ...meta,
    title: prose(cell(meta.title)),
    bundles: bundles.map((bundle) => bundle.rules.find(({ rule }) => rule.meta.id === meta.id)?.enforcement ?? "–"),
  }));
  return render("rules-index", { source, rules: rows, bundles });
}

function page(rule: CompiledRule, cases: readonly Case[], bundles: readonly Bundle[]): string {
  const { meta, schema } = rule;
  return render("rule-page", {
    ...meta,
    fix: meta.fix && { to: `${written(meta.fix.field)}: ${JSON.stringify(meta.fix.to)}`, from: JSON.stringify(meta.fix.from), mutation: meta.fix.mutation === true },
    kind: kindOf(meta.id),
    denies: meta.enforcement === "deny",
    title: prose(meta.title),
    paragraphs: meta.description.split("\n").map(prose),
    sources: meta.sources.map(prose),
    limitations: meta.limitations.map(prose),
    parameters: parameterRows(schema),
    bundles: bundles.flatMap(({ name, rules }) =>
      rules.flatMap((bundled) => (bundled.rule.meta.id === meta.id ? [{ name, enforcement: bundled.enforcement, sets: settings(bundled.parameters) }] : [])),
    ),
    ...examplesOf(cases),
    code: codeOf(rule),
    files: filesOf(rule),
    capabilities: capabilitiesOf(rule).map(({ runner, can, why = "" }) => ({ runner, can, why: cell(why) })),
    ...exemption(schema),
  });
}

const settings = (parameters: JsonObject): string =>
  Object.entries(parameters).map(([name, value]) => `\`${name}: ${JSON.stringify(value)}\``).join(", ");

const languages: Readonly<Record<string, { readonly title: string; readonly language: string }>> = {
  Rego: { title: "Rego", language: "rego" },
  K8sNativeValidation: { title: "CEL", language: "yaml" },
};

interface Code {
  readonly title: string;
  readonly language: string;
  readonly text: string;
}

/** What the rule's ConstraintTemplate holds, word for word. */
function codeOf(rule: CompiledRule): Code[] {
  return listsOf(constraintTemplate(rule), "code").flat().filter(isObject).flatMap(({ engine, source }): Code[] => {
    const shown = languages[String(engine)];
    if (shown === undefined || !isObject(source)) return [];
    return [{ ...shown, text: typeof source["rego"] === "string" ? source["rego"] : yamlOf(source) }];
  });
}

/** The lists of that name, at any depth. */
function listsOf(value: unknown, name: string): unknown[][] {
  if (Array.isArray(value)) return value.flatMap((element) => listsOf(element, name));
  if (!isObject(value)) return [];
  return Object.entries(value).flatMap(([key, entry]) => (key === name && Array.isArray(entry) ? [entry] : listsOf(entry, name)));
}

/** Where the rule lies in the library, seen from its page. */
function filesOf(rule: CompiledRule): { title: string; path: string }[] {
  const { id } = rule.meta;
  const files = [
    { target: "gatekeeper", title: "ConstraintTemplate", path: `gatekeeper/${id}/template.yaml` },
    { target: "validating-policy", title: "ValidatingPolicy", path: `kyverno/${id}/${id}.yaml` },
    { target: "cluster-policy", title: "ClusterPolicy", path: `kyverno/${id}/cluster-policy/${id}.yaml` },
    { target: "admission-policy", title: "ValidatingAdmissionPolicy", path: `admission-policy/${id}/policy.yaml` },
  ] as const;
  return files.filter(({ target }) => hasArtefact(rule, target)).map(({ title, path }) => ({ title, path: `../../library/${path}` }));
}

/** Which parameter lets workloads off: every rule's `exempt`, or its own `allowed` where that takes matchers. */
function exemption(schema: JsonObject): { readonly exempts: boolean; readonly allows: boolean } {
  const fields = new Map(objectEntries(schema["properties"]));
  const items = fields.get("allowed")?.["items"];
  const picks = isObject(items) && isObject(items["properties"]) && "serviceAccountName" in items["properties"];
  return { exempts: fields.has("exempt"), allows: !fields.has("exempt") && picks };
}

/** The field that a fix writes, as it stands in a manifest. */
const written = (field: string): string => field.slice(field.indexOf(".") + 1);
