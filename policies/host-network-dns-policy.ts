import { at, defineRule, show, violation, type DnsPolicy } from "./kit/index.js";

export interface Params {
  /**
   * dnsPolicy values that a hostNetwork Pod may use.
   * @minItems 1
   * @maxItems 4
   * @default ["ClusterFirstWithHostNet", "Default", "None"]
   */
  dnsPolicies: DnsPolicy[];
}

/** A value that the message offers and, where that is not plain, what it is for. */
function describeChoice(dnsPolicy: DnsPolicy): string {
  if (dnsPolicy === "Default") return "Default where the node's DNS is wanted (CNI and DNS agents)";
  if (dnsPolicy === "None") return "None with a dnsConfig of its own";
  return dnsPolicy;
}

/**
 * dnsPolicy ClusterFirst is the default, and for a hostNetwork Pod the kubelet silently turns it into the
 * node's own resolv.conf: names of the cluster do not resolve. Such a Pod says which DNS it wants.
 * Windows knows no ClusterFirstWithHostNet and is left out.
 *
 * @source ACK, "Configure Pods to use host network": set dnsPolicy: ClusterFirstWithHostNet, so that the Pod resolves
 *   names of the cluster.
 * @source Kubernetes, pkg/kubelet/network/dns/dns.go: for a hostNetwork Pod the kubelet treats ClusterFirst as
 *   Default.
 * @limitation Whether a Pod looks up names of the cluster at all cannot be seen; one that does not says Default.
 */
export default defineRule<Params>({
  id: "host-network-dns-policy",
  title: "hostNetwork Pods choose their DNS policy",
  severity: "medium",
  enforcement: "warn",
  // Other values are somebody's choice.
  fix: { field: "Pod.dnsPolicy", from: "ClusterFirst", to: "ClusterFirstWithHostNet", mutation: true },
  *check({ pod }, params) {
    if (!pod.hostNetwork) return;
    if (pod.osName === "windows" || (pod.nodeSelector["kubernetes.io/os"] ?? "") === "windows") return;
    if (params.dnsPolicies.includes(pod.dnsPolicy)) return;
    const effect =
      pod.dnsPolicy === "ClusterFirst"
        ? "means the node's resolv.conf, so names of the cluster do not resolve"
        : "is not among the values that this cluster accepts";
    const choices = params.dnsPolicies.map((dnsPolicy) => describeChoice(dnsPolicy));
    yield violation(
      at(pod, "dnsPolicy"),
      `dnsPolicy ${show(pod.dnsPolicy)} of a hostNetwork Pod ${effect}; set dnsPolicy: ${choices.join(", or ")}`,
    );
  },
});
