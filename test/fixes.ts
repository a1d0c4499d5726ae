/** What fixes mean, by the rule's TypeScript: the definition that `policy-test --fix` and the mutations are held to. */
import { valuesAt, withValue } from "../manifest/fix.js";
import { isMapping } from "../manifest/mapping.js";
import { parsePath } from "../manifest/path.js";
import { kindKeyOf, project, reviewOf, viewOf, type Reads } from "../manifest/view.js";
import type { Parameters, ReviewRequest } from "../manifest/run.js";
import type { Fix } from "../policies/kit/index.js";
import { compiledRule, compiledRules } from "./compiled.js";
import { runInJs } from "./executors/js.js";

export const rulesWithFix = compiledRules.flatMap(({ meta: { id, fix } }) => (fix === undefined ? [] : [{ id, fix }]));
export const rulesWithMutation = compiledRules.flatMap((rule) => (rule.mutation === undefined || rule.meta.fix === undefined ? [] : [{ id: rule.meta.id, fix: rule.meta.fix, rule, mutation: rule.mutation }]));

/** The paths at which the rule's findings in the object can be fixed. */
export function fixablePaths(id: string, fix: Fix, object: unknown, parameters: Parameters): string[] {
  const values = valuesAt(object, fix);
  const found = runInJs(id, { object }, parameters).map(({ path }) => path).filter((path) => values.has(path) && values.get(path) === fix.from);
  return found.filter((path) => {
    const fixed = withValue(object, parsePath(path), fix.to);
    return !runInJs(id, { object: fixed }, parameters).some((violation) => violation.path === path);
  });
}

/** The object with all of them fixed. */
export function fixed(id: string, fix: Fix, object: unknown, parameters: Parameters): unknown {
  return fixablePaths(id, fix, object, parameters).reduce((result, path) => withValue(result, parsePath(path), fix.to), object);
}

/** Kinds whose templates are never changed once they are there: the match of a mutation leaves their updates out. */
const frozenKinds = ["v1/Pod", "batch/Job"];

/** What a cluster with the mutation makes of the request's object. */
export function mutated(id: string, fix: Fix, request: ReviewRequest, parameters: Parameters): unknown {
  const { object } = request;
  const kind = kindKeyOf(object);
  if (namespaceOf(object) === "kube-system") return object;
  if (request.operation === "UPDATE" && (frozenKinds.includes(kind) || isBeingDeleted(object) || !changesTemplate(request, compiledRule(id).reads, parameters))) return object;
  const isKept = viewOf(object).workload.owners.some((owner) => owner.controller);
  return isKept && kind !== "v1/Pod" ? object : fixed(id, fix, object, parameters);
}

/** Whether an UPDATE changes something of the pod that decides about the fix; without exemptions nobody asks for the account. */
function changesTemplate({ object, oldObject }: ReviewRequest, reads: Reads, { exempt = [] }: Parameters): boolean {
  const isRead = (name: string): boolean => name !== "serviceAccountName" || (Array.isArray(exempt) && exempt.length > 0);
  const own: Reads = { Pod: (reads.Pod ?? []).filter(isRead) };
  return JSON.stringify(project(reviewOf({ object }, "workloads"), own, "workloads")) !== JSON.stringify(project(reviewOf({ object: oldObject }, "workloads"), own, "workloads"));
}

const metadataOf = (object: unknown): Readonly<Record<string, unknown>> => (isMapping(object) && isMapping(object["metadata"]) ? object["metadata"] : {});
const namespaceOf = (object: unknown): unknown => metadataOf(object)["namespace"];
const isBeingDeleted = (object: unknown): boolean => (metadataOf(object)["deletionTimestamp"] ?? null) !== null;
