/** Runs a `kyverno-test.yaml` as `kyverno test` does, with the rules in the place of their policies. */
import { isMapping } from "../../manifest/mapping.js";
import { isReviewable, kindKeyOf } from "../../manifest/view.js";
import type { RuleManifest } from "../../wasm/manifest.js";
import { describe, isNamespace, namespaceOf, writtenNameOf, type KubernetesObject } from "../identity.js";
import type { Problem } from "../problem.js";
import type { Filter } from "./filter.js";
import { readPolicy, type Policy } from "./kyverno-policy.js";
import { operationOf, readValues, valuesSchema, type Operation, type Values } from "./kyverno-values.js";
import { objectsOf, shapeProblems, withoutNull, type Folder, type SuiteDocument } from "./reading.js";
import { detailsOf, NotRunError, type CaseResult, type Outcome } from "./result.js";
import { review } from "./review.js";

interface Test {
  readonly metadata?: { readonly name?: unknown };
  readonly policies?: readonly string[];
  readonly resources?: readonly string[];
  readonly variables?: string;
  readonly values?: unknown;
  readonly results?: readonly Result[];
}

interface Result {
  readonly policy: string;
  readonly rule?: string;
  readonly result: string;
  /** As `name` or `namespace/name`; all resources where there are none. */
  readonly resources?: readonly string[];
  readonly operation?: string;
}

const text = { type: "string" } as const;
const texts = { type: "array", items: text } as const;
const any = {} as const;
const flag = { type: "boolean" } as const;

/** Parts of a Test that change what policies find, but are not read here. */
const unread = ["jsonPayload", "jsonPayloads", "httpPayloads", "envoyPayloads", "targetResources", "paramResources", "exceptions", "context", "clusterResources", "apiCallResponses", "globalContextEntries"];
/** Parts of a result that speak of more than a verdict. */
const unreadOfResult = ["resourceSpecs", "patchedResources", "generatedResource", "generatedResources", "cloneSourceResource", "failOnMissingResources"];
const anyOf = (names: readonly string[]): object => Object.fromEntries(names.map((name) => [name, any]));

const schema = {
  type: "object",
  additionalProperties: false,
  properties: {
    apiVersion: { enum: ["cli.kyverno.io/v1alpha1"] },
    kind: text,
    metadata: { type: "object" },
    policies: texts,
    resources: texts,
    variables: text,
    values: valuesSchema,
    userinfo: text,
    ...anyOf(unread),
    results: {
      type: "array",
      items: {
        type: "object",
        additionalProperties: false,
        required: ["policy", "result"],
        properties: {
          policy: text,
          rule: text,
          result: { enum: ["pass", "fail", "skip", "warn", "error"] },
          kind: text,
          resources: texts,
          operation: text,
          isValidatingPolicy: flag,
          isValidatingAdmissionPolicy: flag,
          ...anyOf(["isMutatingAdmissionPolicy", "isDeletingPolicy", "isImageValidatingPolicy", "isGeneratingPolicy", "isMutatingPolicy"]),
          ...anyOf(unreadOfResult),
        },
      },
    },
  },
} as const;

export const isTestDocument = ({ value }: SuiteDocument): boolean => value.kind === "Test" && String(value.apiVersion).startsWith("cli.kyverno.io/");

export interface TestOptions {
  readonly rules: readonly RuleManifest[];
  readonly folder: Folder;
  readonly filter: Filter;
}

/** What the results are about. */
interface Stage {
  readonly policies: readonly Policy[];
  readonly resources: readonly KubernetesObject[];
  readonly values: Values;
}

/** A row for each result and resource, or what is wrong with the document. */
export function runKyvernoTest(document: SuiteDocument, options: TestOptions): { readonly cases: readonly CaseResult[] } | { readonly problems: readonly Problem[] } {
  const { file, position } = document;
  const problems = shapeProblems(document, schema, "Test");
  if (problems.length > 0) return { problems };
  const test = withoutNull(document.value);
  if (!isTest(test)) return { problems: [] };
  const { results = [] } = test;
  if (results.length === 0) return { problems: [{ file, ...position(["results"]), message: "this Test has no results" }] };
  const name = typeof test.metadata?.name === "string" ? test.metadata.name : "";
  const row = (outcome: Outcome, details: readonly string[], label: string, index?: number): CaseResult => ({
    outcome,
    file,
    ...position(index === undefined ? [] : ["results", index]),
    test: name,
    case: label,
    details,
  });
  let stage: Stage;
  try {
    stage = prepare(test, options);
  } catch (error) {
    return { cases: [row("not run", detailsOf(error), "")] };
  }
  return {
    cases: results.flatMap((result, index) => {
      try {
        return subjectsOf(result, stage)
          .filter(({ label }) => options.filter(name, label))
          .map((subject) => judge(result, subject, stage, (outcome, details) => row(outcome, details, subject.label, index)));
      } catch (error) {
        return [row("not run", detailsOf(error), result.policy, index)];
      }
    }),
  };
}

/** What has passed the schema is of the type that the schema describes. */
const isTest = (value: unknown): value is Test => isMapping(value);

/** @throws NotRunError where something that decides the results cannot be read */
function prepare(test: Test, { rules, folder }: TestOptions): Stage {
  const [other] = Object.keys(test).filter((field) => unread.includes(field));
  if (other !== undefined) throw new NotRunError(`this Test has \`${other}\`, which is not read here`);
  const objects = (paths: readonly string[]): KubernetesObject[] => [...new Set(paths)].flatMap((path) => objectsOf(path, folder).map(({ object }) => object));
  // The roles that Kyverno needs for a policy may stand beside it.
  const policies = objects(test.policies ?? []).filter(({ apiVersion }) => !String(apiVersion).startsWith("rbac.authorization.k8s.io/")).map((object) => readPolicy(object, rules));
  const resources = objects(test.resources ?? []);
  if (policies.length === 0) throw new NotRunError("this Test names no `policies`");
  if (resources.length === 0) throw new NotRunError("this Test names no `resources`");
  const seen = new Set<string>();
  for (const resource of resources) {
    // Kyverno drops the second in silence; of names that the API server is to make it knows nothing.
    const identity = [kindKeyOf(resource), namespaceOf(resource), writtenNameOf(resource)].join("/");
    if (seen.has(identity)) throw new NotRunError(`the resources hold ${describe(resource)} twice`);
    seen.add(identity);
  }
  return { policies, resources, values: readValues(test.variables, test.values, folder) };
}

/** A policy and a resource that a result speaks of. */
interface Asked {
  readonly label: string;
  readonly policy: Policy;
  readonly resource: KubernetesObject;
}

/** @throws NotRunError where the result speaks of what is not there, which would pass in silence */
function subjectsOf(result: Result, { policies, resources }: Stage): readonly Asked[] {
  const [other] = Object.keys(result).filter((field) => unreadOfResult.includes(field) || (/^is(?!Validating)/.test(field) && Reflect.get(result, field) === true));
  if (other !== undefined) throw new NotRunError(`a result has \`${other}\`, which is not understood here`);
  const name = result.policy.split("/").at(-1);
  const named = policies.filter((policy) => policy.name === name);
  if (named.length === 0) throw new NotRunError(`no policy of this Test is called \`${result.policy}\``);
  const fitting = named.filter(({ inner }) => inner === undefined || result.rule === undefined || inner === result.rule);
  if (fitting.length === 0) throw new NotRunError(`the policy \`${result.policy}\` has no rule \`${result.rule ?? ""}\``);
  const chosen = result.resources === undefined || result.resources.length === 0 ? resources : result.resources.flatMap((wanted) => resourcesNamed(wanted, resources));
  return chosen.flatMap((resource) => fitting.map((policy) => ({ policy, resource, label: `${policy.name}, ${describe(resource)}` })));
}

function resourcesNamed(wanted: string, resources: readonly KubernetesObject[]): readonly KubernetesObject[] {
  const parts = wanted.split("/");
  const found = resources.filter((resource) => {
    const name = writtenNameOf(resource);
    return parts.length === 1 ? name === wanted : parts.length === 2 && parts[0] === namespaceOf(resource) && parts[1] === name;
  });
  if (found.length === 0) throw new NotRunError(`no resource of this Test is called \`${wanted}\``, "write it as `name`, or as `namespace/name`");
  return found;
}

function judge(result: Result, { policy, resource }: Asked, { values }: Stage, row: (outcome: Outcome, details: readonly string[]) => CaseResult): CaseResult {
  try {
    const { verdict, messages } = verdictOf(policy, resource, result.operation === undefined ? values.operation : operationOf(result.operation), values);
    const found = messages.map((message) => `found: ${message}`);
    if (verdict === "excluded") {
      // Kyverno takes this for a success whatever is wanted; a policy that is to find something has not.
      const isFine = result.result === "pass" || result.result === "skip";
      return row(isFine ? "ok" : "failed", isFine ? [] : [`the policy does not look at this object, but \`${result.result}\` is wanted`]);
    }
    return row(verdict === result.result ? "ok" : "failed", verdict === result.result ? [] : [`the result is \`${verdict}\`, but \`${result.result}\` is wanted`, ...found]);
  } catch (error) {
    return row("not run", detailsOf(error));
  }
}

interface Verdict {
  readonly verdict: "excluded" | "pass" | "fail" | "warn";
  readonly messages: readonly string[];
}

function verdictOf(policy: Policy, object: KubernetesObject, operation: Operation, { namespaces }: Values): Verdict {
  const { rule, parameters, excluded, isScored } = policy;
  const home = isNamespace(object) ? writtenNameOf(object) : namespaceOf(object);
  if (operation === "DELETE" || !isReviewable(object, rule.reviews) || excluded.includes(home)) return { verdict: "excluded", messages: [] };
  if (rule.needs.includes("inventory")) throw new NotRunError(`rule \`${rule.id}\` looks at other objects of the cluster, and a Test has none`, "test it with a Gatekeeper Suite and its `inventory`");
  // As the command does it, an update is one that changes nothing.
  const request = operation === "UPDATE" ? { object, operation, oldObject: object } : { object, operation };
  const messages = review(rule, parameters, request, namespaces).map(({ message }) => message);
  return { verdict: messages.length === 0 ? "pass" : isScored ? "fail" : "warn", messages };
}
