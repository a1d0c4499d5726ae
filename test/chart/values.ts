/** Values that the chart is asked to render. */
import { packageAssets, readWasmManifest } from "../../policy-test/assets.js";

const { rules } = readWasmManifest(packageAssets().manifest);

const selector = { matchLabels: { "example.org/a": "b" }, matchExpressions: [{ key: "c", operator: "NotIn", values: ["d", "e"] }, { key: "f", operator: "In", values: ["g"] }, { key: "h", operator: "Exists" }] };
const only = (settings: object): object => ({ bundle: "ack", rules: { "host-network-dns-policy": { enforcement: "dryrun", ...settings } } });

/** Each with what is special about it. */
export const acceptedValues: readonly (readonly [string, object])[] = [
  ["enforcement", { bundle: "strict", rules: { "restrict-host-network": { enforcement: "warn" }, "host-network-shared-port": { enforcement: "off" }, "host-network-port-range": { enforcement: "dryrun" } } }],
  ["off as YAML reads it", { rules: { "restrict-host-network": { enforcement: false } } }],
  ["a rule that the bundle leaves out", { bundle: "ack", rules: Object.fromEntries(rules.map(({ id }) => [id, { enforcement: "warn" }])) }],
  ["parameters over a bundle's", { bundle: "strict", rules: { "host-network-declared-ports": { parameters: { listenFlags: ["--a<b>&\"c\"", "${X} {{ .x }} $(y) 'é'"] } }, "host-network-dns-policy": { parameters: { dnsPolicies: ["None"] } } } }],
  ["numbers and lists", { rules: { "host-network-port-range": { parameters: { allowed: [{ from: 1, protocol: "TCP", to: 65535 }, { from: 2000, to: 2000 }], exceptProfiles: [] } } } }],
  ["records in lists in records", { rules: { "host-network-reserved-ports": { parameters: { reserved: [{ from: 1, owners: [{ kind: "DaemonSet", namespace: "a" }], to: 2, usedBy: "b" }] } } } }],
  ["part of a record", { rules: { "unresolved-placeholder": { parameters: { patterns: { angle: "off" } } } } }],
  ["truth values", { rules: { "host-network-pod-security": { parameters: { defaultLevel: "baseline" } }, "host-network-immutable": { parameters: { forbidDisabling: true } }, "host-network-listen-port": { parameters: { ignoreLoopback: false } } } }],
  ["waivers", { rules: { "restrict-host-network": { parameters: { allowed: [{ namespace: "a" }] } } }, waivers: [{ rule: "restrict-host-network", match: { kind: "Pod", namespace: "b" }, reason: "a", expires: "2999-12-31" }, { rule: "restrict-privileged-namespace", match: { name: "c" }, reason: "a", expires: "2999-12-31" }] }],
  ["match for all rules", { match: { excludedNamespaces: ["kube-*", "gke"] } }],
  ["match nothing away", { match: { excludedNamespaces: [] } }],
  ["match of one rule", only({ match: {} })],
  ["namespaces", only({ match: { namespaces: ["a", "b"], excludedNamespaces: ["c"], namespaceSelector: { matchLabels: { d: "e" }, matchExpressions: [{ key: "f", operator: "DoesNotExist" }] } } })],
  ["patterns of namespaces", only({ match: { namespaces: ["*-a", "*b*", "c*", "d"], excludedNamespaces: ["*x"] } })],
  ["patterns of everything", only({ match: { namespaces: ["*"], name: "**" } })],
  ["a namespaces' rule", { bundle: "recommended", rules: { "restrict-privileged-namespace": { match: { namespaces: ["a*"], excludedNamespaces: ["b*"] } } } }],
  ["kinds", only({ match: { kinds: [{ apiGroups: ["apps"], kinds: ["*"] }, { kinds: ["Pod"] }, { apiGroups: ["*"], kinds: ["CronJob"] }] } })],
  ["kinds but Pods", only({ match: { kinds: [{ apiGroups: [""], kinds: ["PodTemplate"] }] } })],
  ["labels", only({ match: { labelSelector: selector } })],
  ["one label", only({ match: { labelSelector: { matchLabels: { a: "b" } } } })],
  ["a label that is absent", only({ match: { labelSelector: { matchExpressions: [{ key: "a", operator: "DoesNotExist" }] } } })],
  ["a label of another value", only({ match: { labelSelector: { matchExpressions: [{ key: "a", operator: "NotIn", values: ["b"] }] } } })],
  ["a label that is there", only({ match: { labelSelector: { matchExpressions: [{ key: "a", operator: "Exists" }] } } })],
  ["no label", only({ match: { labelSelector: {} } })],
  ["a name", only({ match: { name: "a", scope: "Namespaced" } })],
  ["a pattern of names", only({ match: { name: "a*" } })],
];

/** The chart refuses these, and so does `policy-test render`. */
export const refusedValues: readonly (readonly [string, object])[] = [
  ["a match of other kinds", only({ match: { kinds: [{ kinds: ["Service"] }] } })],
  ["a match of another scope", only({ match: { scope: "Cluster" } })],
  ["a match of what is generated", only({ match: { source: "Generated" } })],
  ["an expired waiver", { waivers: [{ rule: "restrict-host-network", match: { name: "a" }, reason: "a", expires: "2020-01-01" }] }],
  ["a waiver without an end", { waivers: [{ rule: "restrict-host-network", match: { name: "a" }, reason: "a", expires: "never" }] }],
  ["too many waivers", { waivers: Array.from({ length: 65 }, () => ({ rule: "restrict-host-network", match: { name: "a" }, reason: "a", expires: "2999-12-31" })) }],
  ["every rule off", { rules: Object.fromEntries(rules.map(({ id }) => [id, { enforcement: "off" }])) }],
  ["an unknown rule", { rules: { "restrict-host-netwrk": {} } }],
  ["an unknown bundle", { bundle: "acks" }],
  ["an unknown parameter", { rules: { "restrict-host-network": { parameters: { exempt: [] } } } }],
  ["an unknown enforcement", { rules: { "restrict-host-network": { enforcement: "audit" } } }],
  ["a label that cannot be", only({ match: { labelSelector: { matchLabels: { "a b": "c" } } } })],
  ["an operator without values", only({ match: { labelSelector: { matchExpressions: [{ key: "a", operator: "In" }] } } })],
  ["values that the operator does not take", only({ match: { labelSelector: { matchExpressions: [{ key: "a", operator: "Exists", values: ["b"] }] } } })],
];
