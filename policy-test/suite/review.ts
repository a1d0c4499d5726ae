/** Asks one rule about one object, with the cluster that a suite gives it. */
import type { ManifestDocument } from "../../manifest/read.js";
import { runRule, type Parameters, type ReviewRequest } from "../../manifest/run.js";
import { typeErrors } from "../../manifest/validate.js";
import { isReviewable } from "../../manifest/view.js";
import { rules } from "../../policies/index.js";
import type { RuleDefinition, Violation } from "../../policies/kit/rule.js";
import type { RuleManifest } from "../../wasm/manifest.js";
import { createContexts } from "../context.js";
import { isDefinition } from "../engine-js.js";
import { identityOf, type KubernetesObject } from "../identity.js";
import { NotRunError } from "./result.js";

/**
 * The violations in the order of the rule, which the texts of CEL engines have.
 * @param cluster what else is there, in the order in which it is applied
 * @throws NotRunError for an object whose values have not the types that the API has, or with misspelt fields
 */
export function review(
  rule: RuleManifest,
  parameters: Parameters,
  request: Pick<ReviewRequest, "operation" | "oldObject"> & { readonly object: KubernetesObject },
  cluster: readonly KubernetesObject[],
): readonly Violation[] {
  const definition = definitionOf(rule.id);
  const rejected = [request.object, request.oldObject].flatMap((object) => (isReviewable(object, rule.reviews) ? typeErrors(object) : []))
    // A port of 70000 has an answer in gator and kyverno, which validate nothing: a suite may say which.
    .filter(({ isTyped }) => isTyped !== true);
  if (rejected.length > 0) throw new NotRunError(...rejected.map(({ message }) => `the API server would reject this: ${message}`));
  const context = createContexts(applied(cluster))([]).of(request.object, new Set(rule.needs));
  return runRule(definition, { ...request, ...context }, parameters, rule.reads);
}

/** The request of a document: of an AdmissionReview what it asks, of any other object that it is there. */
export function requestOf({ object, request }: ManifestDocument): Pick<ReviewRequest, "operation" | "oldObject"> & { readonly object: KubernetesObject } {
  const { operation, oldObject } = request ?? {};
  return { object, ...(operation === undefined ? {} : { operation }), ...(oldObject === undefined ? {} : { oldObject }) };
}

/** Each identity once: of two objects the later one is in the cluster. */
export function applied(objects: readonly KubernetesObject[]): readonly KubernetesObject[] {
  return [...new Map(objects.map((object, index) => [identityOf(object) ?? String(index), object])).values()];
}

function definitionOf(id: string): RuleDefinition<Parameters> {
  const all: readonly object[] = rules;
  const definition = all.filter(isDefinition).find((rule) => rule.id === id);
  if (definition === undefined) throw new NotRunError(`rule \`${id}\` has no source in this package`);
  return definition;
}
