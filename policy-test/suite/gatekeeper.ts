/** Runs a Gatekeeper `Suite` as `gator verify` does, with the rules in the place of their templates. */
import { kindOf } from "../../manifest/constraint-kind.js";
import { isMapping } from "../../manifest/mapping.js";
import type { ManifestDocument } from "../../manifest/read.js";
import { messageText } from "../../manifest/run.js";
import type { RuleManifest } from "../../wasm/manifest.js";
import { readConstraint } from "../config/constraints.js";
import { createContexts } from "../context.js";
import { isNamespace, type KubernetesObject } from "../identity.js";
import { createPlan } from "../plan.js";
import { placeOf, type Problem } from "../problem.js";
import type { ActiveRule } from "../rules.js";
import { judge, type Assertion } from "./assertions.js";
import type { Filter } from "./filter.js";
import { ruleOfPolicy, textAt } from "./known.js";
import { objectOf, objectsOf, shapeProblems, withoutNull, type Folder, type SuiteDocument } from "./reading.js";
import { detailsOf, NotRunError, type CaseResult, type Outcome } from "./result.js";
import { applied, requestOf, review } from "./review.js";

/** In which language a template that has both answers: CEL joins the findings of an object in one violation, Rego has one for each. */
export type Language = "cel" | "rego";

interface Suite {
  readonly skip?: boolean;
  readonly tests?: readonly Test[];
}

interface Test {
  readonly name?: string;
  readonly template?: string;
  readonly constraint?: string;
  readonly expansion?: string;
  readonly invalid?: boolean;
  readonly skip?: boolean;
  readonly cases?: readonly Case[];
}

interface Case {
  readonly name?: string;
  readonly object?: string;
  readonly inventory?: readonly string[];
  readonly assertions?: readonly Assertion[];
  readonly skip?: boolean;
}

const text = { type: "string" } as const;
const flag = { type: "boolean" } as const;
const closed = (properties: object): object => ({ type: "object", additionalProperties: false, properties });
const listOf = (items: object): object => ({ type: "array", items });

const schema = {
  ...closed({
    apiVersion: { enum: ["test.gatekeeper.sh/v1alpha1"] },
    kind: text,
    metadata: { type: "object" },
    skip: flag,
    tests: listOf(
      closed({
        name: text,
        template: text,
        constraint: text,
        expansion: text,
        invalid: flag,
        skip: flag,
        cases: listOf(
          closed({
            name: text,
            object: text,
            inventory: listOf(text),
            skip: flag,
            assertions: listOf(closed({ violations: { type: ["integer", "string", "boolean"] }, message: text })),
          }),
        ),
      }),
    ),
  }),
};

export const isSuiteDocument = ({ value }: SuiteDocument): boolean => value.kind === "Suite" && String(value.apiVersion).startsWith("test.gatekeeper.sh/");

export interface SuiteOptions {
  readonly rules: readonly RuleManifest[];
  readonly folder: Folder;
  readonly filter: Filter;
  readonly language: Language;
}

/** The results of all cases, or what is wrong with the document. */
export function runGatekeeperSuite(document: SuiteDocument, options: SuiteOptions): { readonly cases: readonly CaseResult[] } | { readonly problems: readonly Problem[] } {
  const problems = shapeProblems(document, schema, "Suite");
  if (problems.length > 0) return { problems };
  const suite = withoutNull(document.value);
  if (!isSuite(suite)) return { problems: [] };
  const { tests = [] } = suite;
  if (tests.length === 0) return { problems: [{ file: document.file, ...document.position(["tests"]), message: "this Suite has no tests" }] };
  return { cases: tests.flatMap((test, index) => runTest(test, index, suite.skip === true, document, options)) };
}

/** What has passed the schema is of the type that the schema describes. */
const isSuite = (value: unknown): value is Suite => isMapping(value);

function runTest(test: Test, index: number, isSkipped: boolean, { file, position }: SuiteDocument, options: SuiteOptions): CaseResult[] {
  const { cases = [], name = "" } = test;
  const result = (outcome: Outcome, details: readonly string[], at?: number): CaseResult => ({
    outcome,
    file,
    ...position(at === undefined ? ["tests", index] : ["tests", index, "cases", at]),
    test: name,
    case: (at === undefined ? undefined : cases[at]?.name) ?? "",
    details,
  });
  const wanted = [...cases.entries()].filter(([, one]) => options.filter(name, one.name ?? ""));
  if (cases.length > 0 && wanted.length === 0) return [];
  if (cases.length === 0 && !options.filter(name, "")) return [];
  if (isSkipped || test.skip === true) return cases.length === 0 ? [result("skipped", [])] : wanted.map(([at]) => result("skipped", [], at));

  let asked: Asked | undefined;
  try {
    asked = prepare(test, options);
  } catch (error) {
    return [result("not run", detailsOf(error))];
  }
  if (test.invalid === true) {
    if (cases.length > 0) return [result("not run", ["`invalid` and `cases` exclude each other"])];
    return [asked.problems.length > 0 ? result("ok", []) : result("failed", ["the Constraint is valid, but an invalid one is wanted"])];
  }
  if (asked.problems.length > 0) return [result("not run", asked.problems.map((problem) => `${placeOf(problem)}: ${problem.message}`))];
  if (cases.length === 0) return [result("not run", ["this test has no cases"])];
  return wanted.map(([at, one]) => {
    if (one.skip === true) return result("skipped", [], at);
    try {
      const failures = runCase(one, asked, options);
      return result(failures.length === 0 ? "ok" : "failed", failures, at);
    } catch (error) {
      return result("not run", detailsOf(error), at);
    }
  });
}

/** A rule as a Constraint puts it in force; without `active` it is not in force at gator's point of enforcement. */
interface Asked {
  readonly rule: RuleManifest;
  readonly active?: ActiveRule;
  readonly problems: readonly Problem[];
  /** Whether all findings of an object are one violation. */
  readonly isJoined: boolean;
}

/** @throws NotRunError where the rules cannot stand for the template, or the Constraint cannot be read */
function prepare({ template, constraint, expansion }: Test, { rules, folder, language }: SuiteOptions): Asked {
  if (expansion !== undefined) throw new NotRunError("this test has an `expansion`, and nothing is expanded here");
  if (template === undefined) throw new NotRunError("this test names no `template`");
  if (constraint === undefined) throw new NotRunError("this test names no `constraint`");
  const { object } = objectOf(template, folder);
  if (object.kind !== "ConstraintTemplate") throw new NotRunError(`\`${template}\` holds a ${String(object.kind)}, not a ConstraintTemplate`);
  const rule = ruleOfPolicy(object, rules);
  const document = objectOf(constraint, folder);
  if (document.object.kind !== kindOf(rule.id)) throw new NotRunError(`\`${document.file}\` holds a ${String(document.object.kind)}, but the template is of ${kindOf(rule.id)}`);
  const problems: Problem[] = [];
  const [active] = readConstraint(document, rule, problems);
  const isJoined = language === "cel" && JSON.stringify(object).includes('"K8sNativeValidation"');
  return { rule, problems, isJoined, ...(active === undefined ? {} : { active }) };
}

/** Why the assertions of a case do not hold. @throws Error where it cannot be run */
function runCase({ object: path, inventory = [], assertions = [] }: Case, asked: Asked, { folder }: SuiteOptions): readonly string[] {
  if (path === undefined) throw new NotRunError("this case names no `object`");
  if (assertions.length === 0) throw new NotRunError("this case has no `assertions`");
  const document = objectOf(path, folder);
  const cluster = inventory.flatMap((each) => objectsOf(each, folder).map(({ object }) => object));
  const messages = violationsOf(document, cluster, asked);
  const failures = assertions.flatMap((assertion) => judge(assertion, messages) ?? []);
  return failures.length === 0 ? [] : [...failures, ...messages.map((message) => `found: ${message}`)];
}

/** Unlike `gator test`, `gator verify` takes an object that names no namespace for one of the cluster's own. */
function asVerified(active: ActiveRule, object: KubernetesObject): readonly ActiveRule[] {
  if (active.match === undefined || isNamespace(object) || textAt(object, "metadata", "namespace") !== "") return [active];
  const { namespaces: _, excludedNamespaces: __, namespaceSelector: ___, scope, ...match } = active.match;
  return scope === "Namespaced" ? [] : [{ ...active, match }];
}

/** The messages of the violations, as the engine would count them. */
function violationsOf(document: ManifestDocument, cluster: readonly KubernetesObject[], { rule, active, isJoined }: Asked): readonly string[] {
  if (active === undefined) return [];
  const request = requestOf(document);
  const namespaces = createContexts(applied(cluster))([]);
  const { groups, undecided } = createPlan(asVerified(active, request.object), "")(request, namespaces.namespaceNamed);
  if (undecided.length > 0) throw new NotRunError("the Constraint selects Namespaces by their labels, and the object's Namespace is not known; name a file with it in `inventory`");
  if (groups.length === 0) return [];
  const found = review(rule, active.parameters, request, cluster);
  if (!isJoined) return found.map(({ message }) => message);
  return found.length === 0 ? [] : [messageText(rule.id, found)];
}
