import type { Matcher, Protocol } from "../kit/index.js";

/** Names of the published lists of reserved ports. */
export type Profile = "ack" | "antrea" | "aws" | "calico" | "cilium" | "kubernetes" | "metallb" | "node-exporter";

/** One line of a list of reserved ports. */
export interface ReservedPorts {
  readonly profile: Profile;
  readonly from: number;
  readonly to: number;
  /** Every protocol where absent. */
  readonly protocol?: Protocol;
  /** What listens there; messages name it. */
  readonly usedBy: string;
  /** Workloads that may take the ports, because they are what the ports are for. */
  readonly owners?: Matcher[];
  /** Where that is published. */
  readonly source: string;
}

/**
 * Reserved ports by profile. A line that is added here is all that a new one takes. What listens on
 * loopback only is here as well, because hostNetwork Pods share the node's loopback.
 */
export const reservedPorts: readonly ReservedPorts[] = [
  { profile: "ack", from: 22, to: 22, usedBy: "SSH", source: "ACK, Configure Pods to use host network, FAQ: why is a Pod Pending" },
  { profile: "ack", from: 53, to: 53, usedBy: "DNS", source: "ACK, Configure Pods to use host network, FAQ: why is a Pod Pending" },
  { profile: "ack", from: 80, to: 80, usedBy: "HTTP servers of the node", source: "ACK, Configure Pods to use host network, FAQ: why is a Pod Pending" },
  { profile: "ack", from: 443, to: 443, usedBy: "HTTPS servers of the node", source: "ACK, Configure Pods to use host network, FAQ: why is a Pod Pending" },
  { profile: "ack", from: 6443, to: 6443, usedBy: "the Kubernetes API server", source: "ACK, Configure Pods to use host network, FAQ: why is a Pod Pending" },
  { profile: "ack", from: 9099, to: 9099, usedBy: "the health checks of Felix, which enforces network policies in Terway and Calico", source: "ACK, Configure Pods to use host network, FAQ: why is a Pod Pending" },
  { profile: "ack", from: 9890, to: 9890, usedBy: "the gops diagnostics of the Cilium agent", source: "ACK, Configure Pods to use host network, FAQ: why is a Pod Pending" },
  { profile: "ack", from: 10250, to: 10250, usedBy: "the kubelet API", source: "ACK, Configure Pods to use host network, FAQ: why is a Pod Pending" },
  { profile: "ack", from: 10256, to: 10256, usedBy: "the health checks of kube-proxy", source: "ACK, Configure Pods to use host network, FAQ: why is a Pod Pending" },
  { profile: "ack", from: 30000, to: 32767, usedBy: "NodePort Services", source: "ACK, Configure Pods to use host network, FAQ: why is a Pod Pending" },
  { profile: "antrea", from: 10349, to: 10349, protocol: "TCP", usedBy: "the API of the Antrea controller", source: "Antrea, pkg/apis/ports.go" },
  { profile: "antrea", from: 10350, to: 10350, protocol: "TCP", usedBy: "the API of the Antrea agent", source: "Antrea, pkg/apis/ports.go" },
  { profile: "aws", from: 8162, to: 8162, protocol: "TCP", usedBy: "the metrics of the AWS network policy agent", source: "amazon-vpc-cni-k8s, README.md and charts/aws-vpc-cni/values.yaml" },
  { profile: "aws", from: 8163, to: 8163, protocol: "TCP", usedBy: "the health checks of the AWS network policy agent", source: "amazon-vpc-cni-k8s, README.md and charts/aws-vpc-cni/values.yaml" },
  { profile: "aws", from: 61678, to: 61678, protocol: "TCP", usedBy: "the metrics of the AWS VPC CNI's IP address manager (ipamd)", source: "amazon-vpc-cni-k8s, README.md and charts/aws-vpc-cni/values.yaml" },
  { profile: "aws", from: 61679, to: 61679, protocol: "TCP", usedBy: "the introspection of the AWS VPC CNI's IP address manager (ipamd)", source: "amazon-vpc-cni-k8s, README.md and charts/aws-vpc-cni/values.yaml" },
  { profile: "calico", from: 179, to: 179, protocol: "TCP", usedBy: "BGP between the nodes (BIRD of calico-node)", source: "Calico, System requirements, https://docs.tigera.io/calico/latest/getting-started/kubernetes/requirements" },
  { profile: "calico", from: 5473, to: 5473, protocol: "TCP", usedBy: "Calico's Typha, which serves Felix on every node", source: "Calico, System requirements, https://docs.tigera.io/calico/latest/getting-started/kubernetes/requirements" },
  { profile: "calico", from: 9091, to: 9091, protocol: "TCP", usedBy: "the metrics of Calico's Felix", source: "Calico, Configuring Felix, https://docs.tigera.io/calico/latest/reference/felix/configuration" },
  { profile: "calico", from: 9093, to: 9093, protocol: "TCP", usedBy: "the metrics of Calico's Typha", source: "Calico, Configuring Typha, https://docs.tigera.io/calico/latest/reference/typha/configuration" },
  { profile: "calico", from: 9098, to: 9098, protocol: "TCP", usedBy: "the health checks of Calico's Typha", source: "Calico, Configuring Typha, https://docs.tigera.io/calico/latest/reference/typha/configuration" },
  { profile: "calico", from: 9099, to: 9099, protocol: "TCP", usedBy: "the health checks of Calico's Felix", source: "Calico, Configuring Felix, https://docs.tigera.io/calico/latest/reference/felix/configuration" },
  { profile: "cilium", from: 4240, to: 4240, protocol: "TCP", usedBy: "the health checks between Cilium nodes (cilium-health)", source: "Cilium, System Requirements, https://docs.cilium.io/en/stable/operations/system_requirements/" },
  { profile: "cilium", from: 4244, to: 4244, protocol: "TCP", usedBy: "the Hubble server of the Cilium agent", source: "Cilium, System Requirements, https://docs.cilium.io/en/stable/operations/system_requirements/" },
  { profile: "cilium", from: 4245, to: 4245, protocol: "TCP", usedBy: "Hubble Relay", source: "Cilium, System Requirements, https://docs.cilium.io/en/stable/operations/system_requirements/" },
  { profile: "cilium", from: 4250, to: 4250, protocol: "TCP", usedBy: "Cilium's mutual authentication", source: "Cilium, System Requirements, https://docs.cilium.io/en/stable/operations/system_requirements/" },
  { profile: "cilium", from: 4251, to: 4251, protocol: "TCP", usedBy: "the health checks of the SPIRE agent that Cilium's mutual authentication uses", source: "Cilium, System Requirements, https://docs.cilium.io/en/stable/operations/system_requirements/" },
  { profile: "cilium", from: 6060, to: 6060, protocol: "TCP", usedBy: "the pprof profiles of the Cilium agent", source: "Cilium, System Requirements, https://docs.cilium.io/en/stable/operations/system_requirements/" },
  { profile: "cilium", from: 6061, to: 6061, protocol: "TCP", usedBy: "the pprof profiles of the Cilium operator", source: "Cilium, System Requirements, https://docs.cilium.io/en/stable/operations/system_requirements/" },
  { profile: "cilium", from: 6062, to: 6062, protocol: "TCP", usedBy: "the pprof profiles of Hubble Relay", source: "Cilium, System Requirements, https://docs.cilium.io/en/stable/operations/system_requirements/" },
  { profile: "cilium", from: 8472, to: 8472, protocol: "UDP", usedBy: "Cilium's VXLAN overlay", source: "Cilium, System Requirements, https://docs.cilium.io/en/stable/operations/system_requirements/" },
  { profile: "cilium", from: 9878, to: 9878, protocol: "TCP", usedBy: "the health checks of Cilium's Envoy", source: "Cilium, System Requirements, https://docs.cilium.io/en/stable/operations/system_requirements/" },
  { profile: "cilium", from: 9879, to: 9879, protocol: "TCP", usedBy: "the health checks of the Cilium agent", source: "Cilium, System Requirements, https://docs.cilium.io/en/stable/operations/system_requirements/" },
  { profile: "cilium", from: 9890, to: 9890, protocol: "TCP", usedBy: "the gops diagnostics of the Cilium agent", source: "Cilium, System Requirements, https://docs.cilium.io/en/stable/operations/system_requirements/" },
  { profile: "cilium", from: 9891, to: 9891, protocol: "TCP", usedBy: "the gops diagnostics of the Cilium operator", source: "Cilium, System Requirements, https://docs.cilium.io/en/stable/operations/system_requirements/" },
  { profile: "cilium", from: 9893, to: 9893, protocol: "TCP", usedBy: "the gops diagnostics of Hubble Relay", source: "Cilium, System Requirements, https://docs.cilium.io/en/stable/operations/system_requirements/" },
  { profile: "cilium", from: 9901, to: 9901, protocol: "TCP", usedBy: "the admin API of Cilium's Envoy", source: "Cilium, System Requirements, https://docs.cilium.io/en/stable/operations/system_requirements/" },
  { profile: "cilium", from: 9962, to: 9962, protocol: "TCP", usedBy: "the metrics of the Cilium agent", source: "Cilium, System Requirements, https://docs.cilium.io/en/stable/operations/system_requirements/" },
  { profile: "cilium", from: 9963, to: 9963, protocol: "TCP", usedBy: "the metrics of the Cilium operator", source: "Cilium, System Requirements, https://docs.cilium.io/en/stable/operations/system_requirements/" },
  { profile: "cilium", from: 9964, to: 9964, protocol: "TCP", usedBy: "the metrics of Cilium's Envoy", source: "Cilium, System Requirements, https://docs.cilium.io/en/stable/operations/system_requirements/" },
  { profile: "cilium", from: 51871, to: 51871, protocol: "UDP", usedBy: "Cilium's WireGuard tunnel", source: "Cilium, System Requirements, https://docs.cilium.io/en/stable/operations/system_requirements/" },
  { profile: "kubernetes", from: 2379, to: 2379, protocol: "TCP", usedBy: "the clients of etcd", source: "Kubernetes, Ports and Protocols, https://kubernetes.io/docs/reference/networking/ports-and-protocols/" },
  { profile: "kubernetes", from: 2380, to: 2380, protocol: "TCP", usedBy: "the peers of etcd", source: "Kubernetes, Ports and Protocols, https://kubernetes.io/docs/reference/networking/ports-and-protocols/" },
  { profile: "kubernetes", from: 2381, to: 2381, protocol: "TCP", usedBy: "the metrics and health checks of etcd (as kubeadm sets it up)", source: "Kubernetes, cmd/kubeadm/app/constants/constants.go, EtcdMetricsPort" },
  { profile: "kubernetes", from: 6443, to: 6443, protocol: "TCP", usedBy: "the Kubernetes API server", source: "Kubernetes, Ports and Protocols, https://kubernetes.io/docs/reference/networking/ports-and-protocols/" },
  { profile: "kubernetes", from: 10248, to: 10248, protocol: "TCP", usedBy: "the health checks of the kubelet", source: "Kubernetes, kubelet configuration, https://kubernetes.io/docs/reference/config-api/kubelet-config.v1beta1/" },
  { profile: "kubernetes", from: 10249, to: 10249, protocol: "TCP", usedBy: "the metrics of kube-proxy", source: "Kubernetes, kube-proxy configuration, https://kubernetes.io/docs/reference/config-api/kube-proxy-config.v1alpha1/" },
  { profile: "kubernetes", from: 10250, to: 10250, protocol: "TCP", usedBy: "the kubelet API", source: "Kubernetes, Ports and Protocols, https://kubernetes.io/docs/reference/networking/ports-and-protocols/" },
  { profile: "kubernetes", from: 10255, to: 10255, protocol: "TCP", usedBy: "the read-only API of the kubelet", source: "Kubernetes, kubelet configuration, https://kubernetes.io/docs/reference/config-api/kubelet-config.v1beta1/" },
  { profile: "kubernetes", from: 10256, to: 10256, protocol: "TCP", usedBy: "the health checks of kube-proxy", source: "Kubernetes, Ports and Protocols, https://kubernetes.io/docs/reference/networking/ports-and-protocols/" },
  { profile: "kubernetes", from: 10257, to: 10257, protocol: "TCP", usedBy: "kube-controller-manager", source: "Kubernetes, Ports and Protocols, https://kubernetes.io/docs/reference/networking/ports-and-protocols/" },
  { profile: "kubernetes", from: 10258, to: 10258, protocol: "TCP", usedBy: "cloud-controller-manager", source: "Kubernetes, staging/src/k8s.io/cloud-provider/ports.go" },
  { profile: "kubernetes", from: 10259, to: 10259, protocol: "TCP", usedBy: "kube-scheduler", source: "Kubernetes, Ports and Protocols, https://kubernetes.io/docs/reference/networking/ports-and-protocols/" },
  { profile: "kubernetes", from: 30000, to: 32767, usedBy: "NodePort Services", source: "Kubernetes, Ports and Protocols, https://kubernetes.io/docs/reference/networking/ports-and-protocols/" },
  { profile: "metallb", from: 7472, to: 7472, protocol: "TCP", usedBy: "the metrics of the MetalLB speaker", source: "MetalLB, config/prometheus-native" },
  { profile: "metallb", from: 7946, to: 7946, protocol: "TCP", usedBy: "the node membership (memberlist) of the MetalLB speaker", source: "MetalLB, charts/metallb/values.yaml" },
  { profile: "metallb", from: 7946, to: 7946, protocol: "UDP", usedBy: "the node membership (memberlist) of the MetalLB speaker", source: "MetalLB, charts/metallb/values.yaml" },
  { profile: "metallb", from: 9120, to: 9120, protocol: "TCP", usedBy: "the HTTPS metrics of the MetalLB speaker", source: "MetalLB, charts/metallb/values.yaml" },
  { profile: "node-exporter", from: 9100, to: 9100, protocol: "TCP", usedBy: "the Prometheus node exporter", source: "Prometheus, node_exporter, README.md" },
];
