/**
 * The emitted CEL in Kyverno's CLI. A Kyverno policy has no parameters, so there is one policy for each set of parameters.
 * `kyverno test` takes a folder for each group of cases that can be asked together, and so one process for all cases of a
 * rule. Every object is said to fail: where it does, or does otherwise, the results say so, with the message.
 */
import { Ajv } from "ajv";
import { requireEngine } from "../../engines/index.js";
import type { CompiledRule } from "../../generator/compiled.js";
import { isObject } from "../../generator/schema/json.js";
import { clusterPolicy, validatingPolicy } from "../../generator/targets/kyverno.js";
import { yamlOf } from "../../generator/targets/yaml.js";
import { namespaceKind } from "../../policies/kit/workload-kinds.js";
import type { RuleCase } from "../cases.js";
import { completeFor } from "../compiled.js";
import { documents, execute, json, withFiles } from "./process.js";
import { grouped, inOrder, textAnswer, type Answer, type Runner, type RunnerName } from "./runner.js";

/** What became of one object. */
interface Row {
  /** As `nameOf` spells it. */
  readonly RESOURCE: string;
  /** `Ok` for an object that fails, `Want fail, got …` for one that does otherwise; anything else for one that was not reviewed. */
  readonly REASON: string;
  readonly Message: string;
}

const text = { type: "string" };
const areRows = new Ajv().compile<Row[]>({
  type: "array",
  items: { type: "object", required: ["RESOURCE", "REASON", "Message"], properties: { RESOURCE: text, REASON: text, Message: text } },
});

export const kyvernoValidatingPolicy = kyverno("kyverno with ValidatingPolicy", validatingPolicy);
export const kyvernoClusterPolicy = kyverno("kyverno with ClusterPolicy", clusterPolicy);

function kyverno(name: RunnerName, policyOf: typeof validatingPolicy): Runner {
  return {
    name,
    expected: textAnswer,
    async run(rule, cases) {
      const groups = grouped(cases, asked).flatMap(withoutNamesakes);
      const files = groups.flatMap((group, folder) => filesOf(rule, group, policyOf).map(([path, content]): [string, string] => [`${String(folder)}/${path}`, content]));
      const given = ["test", ".", "--detailed-results", "--output-format", "json", "--remove-color"];
      const { stdout, stderr } = await withFiles(new Map(files), (folder) => execute(requireEngine("kyverno").path, given, folder));
      const reports = reportsOf(stdout);
      const answers = groups.flatMap((group, folder) => {
        const rows = reports.get(String(folder));
        // The CLI ends at a policy that does not compile, and says nothing of the folders behind it.
        if (rows === undefined) throw new Error(`kyverno: ${stderr}${stdout}`);
        return group.map((one): [RuleCase, Answer] => [one, answerOf(rows.filter((row) => row.RESOURCE === nameOf(one.request.object)))]);
      });
      return inOrder(cases, new Map(answers));
    },
  };
}

/** What one folder can say once only, beside the parameters. */
const asked = ({ request }: RuleCase): string => JSON.stringify([request.operation, request.namespaceObject]);

/** The results name an object by its kind, namespace and name, so those of one name go to different folders. */
function withoutNamesakes(cases: readonly RuleCase[]): RuleCase[][] {
  const runs: { readonly names: Set<string>; readonly cases: RuleCase[] }[] = [];
  for (const one of cases) {
    const name = nameOf(one.request.object);
    let run = runs.find(({ names }) => !names.has(name));
    if (run === undefined) runs.push((run = { names: new Set(), cases: [] }));
    run.names.add(name);
    run.cases.push(one);
  }
  return runs.map((run) => run.cases);
}

/** As the results spell it. The CLI gives every object a namespace, but for Namespaces and objects whose metadata is null. */
function nameOf(object: unknown): string {
  const { apiVersion, kind, metadata } = isObject(object) ? object : {};
  const { namespace, name } = isObject(metadata) ? metadata : {};
  const isNamespaced = metadata !== null && kind !== namespaceKind.kind;
  return [apiVersion, kind, namespace ?? (isNamespaced ? "default" : ""), name ?? ""].map(String).join("/").replaceAll(",", "/");
}

/** The folder of cases of the same parameters and operation, and of different names. */
function filesOf(rule: CompiledRule, cases: readonly RuleCase[], policyOf: typeof validatingPolicy): [string, string][] {
  const [{ parameters, request }] = nonEmpty(cases);
  const policy = rule.meta.id;
  const test = {
    apiVersion: "cli.kyverno.io/v1alpha1",
    kind: "Test",
    metadata: { name: policy },
    policies: ["policy.yaml"],
    resources: ["objects.yaml"],
    variables: "values.yaml",
    results: [{ policy, result: "fail", ...(policyOf === validatingPolicy ? { isValidatingPolicy: true } : { rule: policy }) }],
  };
  const values = { apiVersion: "cli.kyverno.io/v1alpha1", kind: "Values", globalValues: { "request.operation": request.operation ?? "CREATE" }, namespaces: [request.namespaceObject].filter(isObject) };
  return [
    ["kyverno-test.yaml", json(test)],
    ["policy.yaml", yamlOf(policyOf(rule, { parameters: completeFor(rule, parameters) }))],
    ["objects.yaml", documents(cases.map((one) => one.request.object))],
    ["values.yaml", json(values)],
  ];
}

/** The rows of each folder: after the line that names it comes a list in JSON, with its brackets on lines of their own. */
function reportsOf(stdout: string): Map<string, Row[]> {
  const [, ...parts] = stdout.split(/^Loading test .*\( (\d+)\/kyverno-test\.yaml \) \.\.\.$/m);
  const reports = new Map<string, Row[]>();
  for (let at = 0; at + 1 < parts.length; at += 2) {
    const [list] = /^\[(?:$[^]*?^)?\]$/m.exec(parts[at + 1] ?? "") ?? [];
    const rows: unknown = list === undefined ? undefined : JSON.parse(list);
    if (areRows(rows)) reports.set(parts[at] ?? "", rows);
  }
  return reports;
}

/** Passing is a row as well: an object without one was not reviewed, nor one that is "Excluded" or "Not found". */
function answerOf(rows: readonly Row[]): Answer {
  const [row, ...more] = rows;
  if (row === undefined) return ["(not reviewed)"];
  if (more.length > 0) return [`(${rows.length} results)`];
  if (row.REASON === "Ok") return [row.Message];
  const [, result] = /^Want fail, got (\w+)$/.exec(row.REASON) ?? [];
  if (result === undefined) return [`(not reviewed) ${row.REASON}: ${row.Message}`];
  return result === "pass" ? [] : [`(${result}) ${row.Message}`];
}

function nonEmpty<Element>(list: readonly Element[]): readonly [Element, ...Element[]] {
  const [first, ...rest] = list;
  if (first === undefined) throw new Error("no cases");
  return [first, ...rest];
}
