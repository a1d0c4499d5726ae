import { at, defineRule, matchesGlob, show, violation } from "../../policies/kit/index.js";

export interface Params {
  /**
   * @maxItems 3
   * @default ["kube-*"]
   */
  allowed: string[];
}

/** A rule on Namespaces, which sees the cluster as well. */
export default defineRule<Params>({
  id: "namespaces",
  title: "A rule on Namespaces",
  severity: "low",
  enforcement: "warn",
  reviews: "namespaces",
  exemptions: "none",
  applies: ({ namespace }) => namespace.name !== "default",
  *check(review, params) {
    if (params.allowed.some((name) => matchesGlob(name, review.namespace.name))) return;
    const level = review.namespace.labels["pod-security.kubernetes.io/enforce"] ?? "";
    if (level === "") yield violation(at(review.namespace, "name"), `${show(review.namespace.name)} without a level, ${review.operation}`);
    else yield violation(at(review.namespace, "labels", "pod-security.kubernetes.io/enforce"), `${show(review.namespace.name)} at ${show(level)}`);
    const inhabitants = review.cluster.workloads.filter((each) => each.workload.namespace === review.namespace.name);
    if (inhabitants.some((each) => each.pod.hostNetwork)) yield violation(at(review.namespace, "labels"), `${inhabitants.length} inhabitants`);
  },
});
