import { at, defineRule, matchesGlob, show, violation } from "./kit/index.js";

export interface Params {
  /**
   * Names of Namespaces that may be privileged; `*` may stand first or last.
   * @maxItems 64
   * @default ["kube-system", "kube-public", "kube-node-lease"]
   */
  allowed: string[];
  /**
   * Whether a Namespace without the label is reported too: it has the cluster's default level, which is privileged unless the
   * API server was told otherwise.
   * @default false
   */
  requireLabel: boolean;
}

/**
 * hostNetwork Pods are rejected in Namespaces that enforce a Pod Security level, so pages tell people to label theirs
 * privileged. That lets in every Pod, with any privilege: one that mounts the node's disk or loads kernel modules as well.
 *
 * @source ACK, "Configure Pods to use host network": the label gives Pods the right to every dangerous operation; use
 *   it with care.
 * @source Kubernetes, Pod Security Standards: the level privileged restricts nothing.
 * @limitation A Namespace without the label has the cluster's default level, which is not known; `requireLabel` asks
 *   for the label.
 */
export default defineRule<Params>({
  id: "restrict-privileged-namespace",
  title: "Only listed Namespaces enforce no Pod security",
  severity: "high",
  enforcement: "deny",
  reviews: "namespaces",
  exemptions: "none",
  *check({ namespace }, params) {
    if (params.allowed.some((name) => matchesGlob(name, namespace.name))) return;
    if (namespace.podSecurityLevel === "privileged") {
      yield violation(
        at(namespace, "labels", "pod-security.kubernetes.io/enforce"),
        `Namespace ${show(namespace.name)} enforces the Pod Security level privileged, which lets in Pods with every privilege, not only hostNetwork; set pod-security.kubernetes.io/enforce to baseline or restricted and keep hostNetwork Pods in a Namespace of their own, or after a review add "${show(namespace.name)}" to this rule's parameter "allowed"`,
      );
    }
    if (namespace.podSecurityLevel === "" && params.requireLabel) {
      yield violation(
        at(namespace, "labels"),
        `Namespace ${show(namespace.name)} has no label pod-security.kubernetes.io/enforce, so it has the cluster's default level, which usually lets in Pods with every privilege; set the label to baseline or restricted, or after a review add "${show(namespace.name)}" to this rule's parameter "allowed"`,
      );
    }
  },
});
