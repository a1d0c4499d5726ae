/**
 * The ConstraintTemplate in gator, with either of its engines. Plain objects go to `gator test`, which prints what it
 * found. It takes no reviews, and to it all objects are one cluster, so cases with an operation or with a cluster of their own go to
 * `gator verify`, which prints only whether assertions hold.
 */
import { isDeepStrictEqual } from "node:util";
import { Ajv } from "ajv";
import { requireEngine } from "../../engines/index.js";
import type { CompiledRule } from "../../generator/compiled.js";
import { clusterOf } from "../../generator/targets/cases.js";
import { constraintTemplate } from "../../generator/targets/gatekeeper-template.js";
import { kindOf } from "../../generator/targets/names.js";
import { yamlOf } from "../../generator/targets/yaml.js";
import type { RuleCase } from "../cases.js";
import { canaryConstraint, canaryTemplate } from "./gator-canary.js";
import { askByVerify } from "./gator-verify.js";
import { documents, execute, withFiles } from "./process.js";
import { findingsAnswer, grouped, inOrder, textAnswer, type Answer, type Runner } from "./runner.js";

interface Result {
  readonly msg: string;
  readonly metadata?: { readonly details?: { readonly path?: string } };
  readonly constraint: { readonly kind: string; readonly metadata: { readonly name: string } };
  readonly violatingObject: object;
}

const text = { type: "string" };
const areResults = new Ajv().compile<Result[]>({
  type: "array",
  items: {
    type: "object",
    required: ["msg", "constraint", "violatingObject"],
    properties: {
      msg: text,
      metadata: { type: "object", properties: { details: { type: "object", properties: { path: text } } } },
      constraint: {
        type: "object",
        required: ["kind", "metadata"],
        properties: { kind: text, metadata: { type: "object", required: ["name"], properties: { name: text } } },
      },
      violatingObject: { type: "object" },
    },
  },
});

export const gatorRego: Runner = {
  name: "gator with Rego",
  expected: (_, violations) => findingsAnswer(violations),
  run: (rule, cases) => ask("Rego", rule, cases),
};

export const gatorCel: Runner = {
  name: "gator with CEL",
  expected: textAnswer,
  run: (rule, cases) => ask("CEL", rule, cases),
};

async function ask(language: "Rego" | "CEL", rule: CompiledRule, cases: readonly RuleCase[]): Promise<Answer[]> {
  const isPlain = ({ request }: RuleCase): boolean => request.operation === undefined && clusterOf(request).length === 0;
  const answers = await Promise.all([
    askByTest(language, rule, cases.filter(isPlain)),
    askByVerify(language, rule, cases.filter((one) => !isPlain(one))),
  ]);
  return inOrder(cases, new Map(answers.flatMap((some) => [...some])));
}

/** One process: every object is reviewed with the Constraint of each set of parameters, and only its own one is looked at. */
async function askByTest(language: "Rego" | "CEL", rule: CompiledRule, cases: readonly RuleCase[]): Promise<Map<RuleCase, Answer>> {
  const groups = grouped(cases);
  const files = new Map([
    ["templates.yaml", [constraintTemplate(rule), canaryTemplate].map(yamlOf).join("---\n")],
    ["constraints.yaml", documents([...groups.map(([first], index) => constraintOf(rule, String(index), first?.parameters)), canaryConstraint])],
    ["objects.yaml", documents(cases.map(({ request }) => request.object))],
  ]);
  const given = ["test", "--filename", ".", "--output", "json", `--enable-k8s-native-validation=${String(language === "CEL")}`];
  const { stdout, stderr } = await withFiles(files, (folder) => execute(requireEngine("gator").path, given, folder));
  const results = resultsOf(stdout, stderr);
  return new Map(
    groups.flatMap((group, index) =>
      group.map((one): [RuleCase, Answer] => {
        const ofObject = results.filter(({ violatingObject }) => isDeepStrictEqual(violatingObject, one.request.object));
        // Cases may share an object: it is reviewed once for each of them, always with the same result.
        const reviews = ofObject.filter(({ constraint }) => constraint.kind === canaryConstraint.kind).length;
        if (reviews === 0) return [one, ["(not reviewed)"]];
        const own = ofObject.filter(({ constraint }) => constraint.kind === kindOf(rule.meta.id) && constraint.metadata.name === String(index));
        return [one, oncePerReview(own.map((result) => shown(language, result)), reviews)];
      }),
    ),
  );
}

/** Without `match`, so that it is the rule itself that leaves other kinds alone. */
export function constraintOf(rule: CompiledRule, name: string, parameters: RuleCase["parameters"] = {}): object {
  const spec = Object.keys(parameters).length === 0 ? {} : { spec: { parameters } };
  return { apiVersion: "constraints.gatekeeper.sh/v1beta1", kind: kindOf(rule.meta.id), metadata: { name }, ...spec };
}

function resultsOf(stdout: string, stderr: string): Result[] {
  // Where gator gives up, it prints no JSON, and says why on the other stream.
  const results: unknown = stdout.startsWith("[") ? JSON.parse(stdout) : undefined;
  if (!areResults(results)) throw new Error(`gator test: ${stdout}${stderr}`);
  return results;
}

function shown(language: "Rego" | "CEL", { msg, metadata }: Result): string {
  return language === "Rego" ? `${metadata?.details?.path ?? "(no path)"}: ${msg}` : msg;
}

/** The texts, of which each stands there once for each review of the same object. */
function oncePerReview(texts: readonly string[], reviews: number): Answer {
  return texts.toSorted().filter((_, index) => index % reviews === 0);
}
