/** The public door for authors of rules: `import { … } from "hostnetwork-policies"`. */
export { at, defineRule, violation } from "./rule.js";
export type { Enforcement, Exemptions, Location, RuleDefinition, Severity, Violation } from "./rule.js";
export type { Limits, Quantities, Unordered } from "./fields.js";
export type { Fix } from "./fix.js";
export type {
  Cluster,
  ClusterWorkload,
  Container,
  DnsPolicy,
  EnvVar,
  LabelRequirement,
  Namespace,
  NetworkPolicy,
  NodeSelectorTerm,
  Operation,
  Owner,
  Pod,
  Port,
  Probe,
  Protocol,
  Review,
  Volume,
  VolumeMount,
  Workload,
} from "./view.js";
export { afterLast, beforeLast, entriesOf, show, sum, toInteger, trimPrefix, trimSuffix } from "./intrinsics.js";
export type { Entry } from "./intrinsics.js";
export { isGiven, matches, matchesGlob } from "./matcher.js";
export type { Matcher } from "./matcher.js";
export { asksPod, isDeclared, listenAddresses, portsOf, probePort, unusedPorts } from "./listen.js";
export type { ListenOptions } from "./listen.js";
export { nameOf } from "./names.js";
export { addressesClash, describePort, describeRange, holds, nodePort, nodePortLocation, roleOf, runsOn, takesNodePorts } from "./ports.js";
export type { PortRange, Role } from "./ports.js";
