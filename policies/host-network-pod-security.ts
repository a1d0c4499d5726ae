import { at, defineRule, show, violation } from "./kit/index.js";

/** A level of the Pod Security Standards. */
export type Level = "privileged" | "baseline" | "restricted";

export interface Params {
  /**
   * What the cluster enforces in a Namespace without the label, as its API server is set up.
   * @default "privileged"
   */
  defaultLevel: Level;
}

/**
 * The Pod Security levels baseline and restricted forbid hostNetwork. A Pod is then rejected, and a workload admitted whose Pods
 * never come: the reason stands only in the events of its controller.
 *
 * @source ACK, "Configure Pods to use host network", why a Pod is Pending: with Pod Security Admission the namespace
 *   needs the label pod-security.kubernetes.io/enforce: privileged; set it with care, since it permits every
 *   dangerous operation.
 * @source Kubernetes, Pod Security Standards: the levels baseline and restricted forbid hostNetwork.
 * @limitation Exemptions in the API server's own Pod Security configuration are not known.
 */
export default defineRule<Params>({
  id: "host-network-pod-security",
  title: "hostNetwork Pods lie in a Namespace whose Pod Security level lets them in",
  severity: "medium",
  enforcement: "warn",
  applies: ({ pod }) => pod.hostNetwork,
  *check({ pod, namespace }, params) {
    if (namespace.name === "") return;
    const label = namespace.podSecurityLevel;
    const level = label === "" ? params.defaultLevel : label;
    if (level !== "baseline" && level !== "restricted") return;
    const source = label === "" ? "by the cluster's default" : "by its label pod-security.kubernetes.io/enforce";
    yield violation(
      at(pod, "hostNetwork"),
      `Namespace ${show(namespace.name)} enforces the Pod Security level ${show(level)} ${source}, so the API server rejects hostNetwork Pods here; remove hostNetwork, or move the workload to a Namespace for such Pods whose level is privileged: that level lets in every other privilege as well, so keep all else out of it`,
    );
  },
});
