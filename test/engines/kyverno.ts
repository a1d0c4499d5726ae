/**
 * The emitted CEL in Kyverno's CLI. A Kyverno policy has no parameters, so there is one policy, and one process, for
 * each set of parameters.
 */
import { Ajv } from "ajv";
import { requireEngine } from "../../engines/index.js";
import type { CompiledRule } from "../../generator/compiled.js";
import { isObject } from "../../generator/schema/json.js";
import { clusterPolicy, validatingPolicy } from "../../generator/targets/kyverno.js";
import { yamlOf } from "../../generator/targets/yaml.js";
import type { RuleCase } from "../cases.js";
import { completeParameters } from "../compiled.js";
import { documents, execute, withFiles } from "./process.js";
import { grouped, inOrder, textAnswer, type Answer, type Runner, type RunnerName } from "./runner.js";

interface Report {
  readonly results: readonly Result[];
}

interface Result {
  readonly result: string;
  readonly message?: string;
  readonly resources: readonly { readonly uid?: string }[];
}

const text = { type: "string" };
const isReport = new Ajv().compile<Report>({
  type: "object",
  required: ["results"],
  properties: {
    results: {
      type: "array",
      items: {
        type: "object",
        required: ["result", "resources"],
        properties: {
          result: text,
          message: text,
          resources: { type: "array", minItems: 1, maxItems: 1, items: { type: "object", properties: { uid: text } } },
        },
      },
    },
  },
});

export const kyvernoValidatingPolicy = kyverno("kyverno with ValidatingPolicy", validatingPolicy);
export const kyvernoClusterPolicy = kyverno("kyverno with ClusterPolicy", clusterPolicy);

function kyverno(name: RunnerName, policyOf: typeof validatingPolicy): Runner {
  return {
    name,
    expected: textAnswer,
    async run(rule, cases) {
      const groups = grouped(cases, ({ request }) => request.operation ?? "").flatMap(withoutNamesakes);
      const answers = await Promise.all(groups.map((group) => ask(rule, group, policyOf)));
      return inOrder(cases, new Map(answers.flatMap((some) => [...some])));
    },
  };
}

/** The CLI panics at two objects of one kind, namespace and name, so they go to different processes. */
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

function nameOf(object: unknown): string {
  const { apiVersion, kind, metadata } = isObject(object) ? object : {};
  const { namespace, name } = isObject(metadata) ? metadata : {};
  return JSON.stringify([apiVersion, kind, namespace ?? "default", name ?? ""]);
}

/** Cases of the same parameters and operation, and of different names. */
async function ask(rule: CompiledRule, cases: readonly RuleCase[], policyOf: typeof validatingPolicy): Promise<Map<RuleCase, Answer>> {
  const [{ parameters, request }] = nonEmpty(cases);
  const files = new Map([
    ["policy.yaml", yamlOf(policyOf(rule, { parameters: completeParameters(rule.meta.id, parameters) }))],
    ["objects.yaml", documents(cases.map((one, index) => withUid(one.request.object, String(index))))],
    ["values.yaml", `apiVersion: cli.kyverno.io/v1alpha1\nkind: Values\nglobalValues: { request.operation: ${request.operation ?? "CREATE"} }\n`],
  ]);
  const given = ["apply", "policy.yaml", "--resource", "objects.yaml", "--values-file", "values.yaml", "--policy-report", "--output-format", "json"];
  const { stdout, stderr } = await withFiles(files, (folder) => execute(requireEngine("kyverno").path, given, folder));
  const results = resultsOf(stdout);
  // The CLI skips a policy that it cannot read and goes on. That is its answer to these cases, and none to the others.
  if (results === undefined) return new Map(cases.map((one) => [one, [`(not reviewed) ${stdout}${stderr}`.trim()]]));
  return new Map(cases.map((one, index) => [one, answerOf(results.filter((result) => result.resources[0]?.uid === String(index)))]));
}

/** Many cases share a name or have none. No rule reads the uid, and the report repeats it. */
function withUid(object: unknown, uid: string): unknown {
  if (!isObject(object)) return object;
  return { ...object, metadata: { ...(isObject(object["metadata"]) ? object["metadata"] : {}), uid } };
}

/** The report is the one line of JSON; there is none where no policy reviewed any object. */
function resultsOf(stdout: string): readonly Result[] | undefined {
  const line = stdout.split("\n").find((candidate) => candidate.startsWith("{"));
  if (line === undefined) return undefined;
  const report: unknown = JSON.parse(line);
  if (!isReport(report)) throw new Error(`kyverno: ${stdout}`);
  return report.results;
}

/** Passing is a result as well: an object without one was not reviewed. */
function answerOf(results: readonly Result[]): Answer {
  const [result, ...more] = results;
  if (result === undefined) return ["(not reviewed)"];
  if (more.length > 0) return [`(${results.length} results)`];
  switch (result.result) {
    case "pass":
      return [];
    case "fail":
      return [result.message ?? "(no message)"];
    default:
      return [`(${result.result}) ${result.message ?? ""}`];
  }
}

function nonEmpty<Element>(list: readonly Element[]): readonly [Element, ...Element[]] {
  const [first, ...rest] = list;
  if (first === undefined) throw new Error("no cases");
  return [first, ...rest];
}
