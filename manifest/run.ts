import { bounds, counters, excessMessage, isExempt, limitOf, MAX_TEXT_BYTES, tooLongMessage } from "../policies/kit/frame.js";
import type { Matcher } from "../policies/kit/matcher.js";
import type { Review, Reviews } from "../policies/kit/view.js";
import { at, violation, type RuleDefinition, type Violation } from "../policies/kit/rule.js";
import { isReviewable, kindKeyOf, project, reviewOf, type Reads } from "./view.js";

/** A request to review, in the fields of an AdmissionRequest. */
export interface ReviewRequest {
  readonly object: unknown;
  /** Absent or empty in an audit and for a manifest that is simply read. */
  readonly operation?: "" | "CREATE" | "UPDATE" | "DELETE" | "CONNECT";
  readonly oldObject?: unknown;
  /** Who asks, as an AdmissionReview says it. No rule can read it: it is given on as part of the request. */
  readonly userInfo?: unknown;
  /** The Namespace that the object lies in; absent where it is not known. */
  readonly namespaceObject?: unknown;
  /** Objects of the cluster, the one under review included, in any order. Compared by reference: the same list means the same cluster. */
  readonly inventory?: readonly unknown[];
}

/** Parameters of a rule, complete: defaults filled in. */
export type Parameters = Readonly<Record<string, unknown>>;

/** Runs a rule on one request. */
export type Run = (rule: RuleDefinition<Parameters>, parameters: RunParameters, reads: Reads) => Violation[];

type RunParameters = Parameters & { readonly exempt?: readonly Matcher[] };

/**
 * Runs a rule as the ordinary TypeScript that it is: the definition that every engine is held to.
 * @param reads what the rule reads of the view, as the compiler found it; decides which UPDATEs are reviewed
 * @returns the violations in the order of the rule
 */
export function runRule(rule: RuleDefinition<Parameters>, request: ReviewRequest, parameters: RunParameters, reads: Reads): Violation[] {
  return reviewing(request)(rule, parameters, reads);
}

/** Runs rules on one request, whose view is built once for all of them: to build it takes longer than to look at it. */
export function reviewing(request: ReviewRequest): Run {
  const reviewIn = lazily((reviews: Reviews) => reviewOf(request, reviews));
  const plain = { before: lazily((reviews: Reviews) => reviewOf({ object: request.oldObject }, reviews)), after: lazily((reviews: Reviews) => reviewOf({ object: request.object }, reviews)) };
  return (rule, parameters, reads) => {
    const reviews = rule.reviews ?? "workloads";
    if (!isReviewed(request, reads, reviews, plain)) return [];
    const review = reviewIn(reviews);
    if (rule.applies !== undefined && !rule.applies(review)) return [];
    if (rule.exemptions !== "none" && isExempt(review.workload, review.pod, parameters.exempt ?? [])) return [];
    for (const bound of bounds) {
      if (!(reads[bound.reads.record] ?? []).includes(bound.reads.field)) continue;
      const limit = limitOf(bound.limit, rule.limits);
      if (counters[bound.count](review.pod) > limit) {
        return [violation(at(review.pod, "containers"), excessMessage(bound.elements, limit))];
      }
    }
    return [...rule.check(review, parameters)];
  };
}

type ReviewIn = (reviews: Reviews) => Review;

/** The function, asked once for each sort of review. */
function lazily(make: ReviewIn): ReviewIn {
  const made: Partial<Record<Reviews, Review>> = {};
  return (reviews) => (made[reviews] ??= make(reviews));
}

/** Deletion is never reviewed, and an UPDATE only where something that the rule reads has changed. */
function isReviewed(request: ReviewRequest, reads: Reads, reviews: Reviews, { before, after }: { readonly before: ReviewIn; readonly after: ReviewIn }): boolean {
  if (request.operation === "DELETE" || (reviews === "namespaces" && !isReviewable(request.object, reviews))) return false;
  if (request.operation !== "UPDATE") return true;
  if (isBeingDeleted(request.object)) return false;
  // A Pod that Gatekeeper expands from a workload comes without a Pod as its old object.
  if (kindKeyOf(request.object) !== kindKeyOf(request.oldObject)) return true;
  return JSON.stringify(project(before(reviews), reads, reviews)) !== JSON.stringify(project(after(reviews), reads, reviews));
}

function isBeingDeleted(object: unknown): boolean {
  const metadata: unknown = object !== null && typeof object === "object" ? Reflect.get(object, "metadata") : undefined;
  if (metadata === null || typeof metadata !== "object") return false;
  return (Reflect.get(metadata, "deletionTimestamp") ?? null) !== null;
}

/** The text that CEL engines show for the findings of one rule. */
export function messageText(id: string, violations: readonly Violation[]): string {
  const text = violations.map((finding) => finding.message).join("; ");
  return Buffer.byteLength(text) > MAX_TEXT_BYTES ? tooLongMessage(id) : text;
}
