/** Every rule of the library. */
import hostNetworkDeclaredPorts from "./host-network-declared-ports.js";
import hostNetworkDnsPolicy from "./host-network-dns-policy.js";
import hostNetworkImmutable from "./host-network-immutable.js";
import hostNetworkListenPort from "./host-network-listen-port.js";
import hostNetworkNetworkPolicy from "./host-network-network-policy.js";
import hostNetworkPodSecurity from "./host-network-pod-security.js";
import hostNetworkPortConflict from "./host-network-port-conflict.js";
import hostNetworkPortRange from "./host-network-port-range.js";
import hostNetworkReadOnlyHostPath from "./host-network-read-only-host-path.js";
import hostNetworkReservedPorts from "./host-network-reserved-ports.js";
import hostNetworkResourceLimits from "./host-network-resource-limits.js";
import hostNetworkSharedPort from "./host-network-shared-port.js";
import hostNetworkUpdateStrategy from "./host-network-update-strategy.js";
import restrictHostNamespaces from "./restrict-host-namespaces.js";
import restrictHostNetwork from "./restrict-host-network.js";
import restrictPrivilegedNamespace from "./restrict-privileged-namespace.js";
import unresolvedPlaceholder from "./unresolved-placeholder.js";

/** The rules in the order of their ids. */
export const rules = [
  hostNetworkDeclaredPorts,
  hostNetworkDnsPolicy,
  hostNetworkImmutable,
  hostNetworkListenPort,
  hostNetworkNetworkPolicy,
  hostNetworkPodSecurity,
  hostNetworkPortConflict,
  hostNetworkPortRange,
  hostNetworkReadOnlyHostPath,
  hostNetworkReservedPorts,
  hostNetworkResourceLimits,
  hostNetworkSharedPort,
  hostNetworkUpdateStrategy,
  restrictHostNamespaces,
  restrictHostNetwork,
  restrictPrivilegedNamespace,
  unresolvedPlaceholder,
] as const;
