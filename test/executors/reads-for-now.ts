/** What each rule reads of the view, by hand, until the compiler says it. */
import type { Reads } from "../../manifest/view.js";

/** What `isExempt` and every matcher read. */
const identity = {
  Workload: ["kind", "namespace", "name", "generateName", "owners"],
  Owner: ["kind", "name", "controller"],
};
const nodePorts = {
  ...identity,
  Pod: ["hostNetwork", "serviceAccountName", "containers"],
  Port: ["containerPort", "hostPort", "protocol"],
};

export const readsForNow: Readonly<Record<string, Reads>> = {
  "host-network-dns-policy": {
    ...identity,
    Pod: ["hostNetwork", "dnsPolicy", "osName", "nodeSelector", "serviceAccountName"],
  },
  "host-network-port-conflict": {
    ...nodePorts,
    Container: ["source", "name", "restartPolicy", "ports"],
    Port: [...nodePorts.Port, "hostIP"],
  },
  "host-network-port-range": { ...nodePorts, Container: ["source", "name", "ports"] },
  "host-network-reserved-ports": { ...nodePorts, Container: ["source", "name", "ports"] },
  "restrict-host-network": { ...identity, Pod: ["hostNetwork", "serviceAccountName"] },
  "unresolved-placeholder": {
    ...identity,
    Pod: ["serviceAccountName", "containers"],
    Container: ["source", "name", "image", "command", "args", "env"],
    EnvVar: ["name", "value"],
  },
};
