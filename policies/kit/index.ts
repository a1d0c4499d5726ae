/** The public door for authors of rules: `import { … } from "hostnetwork-policies"`. */
export { at, defineRule, violation } from "./rule.js";
export type { Enforcement, Exemptions, Location, RuleDefinition, Severity, Violation } from "./rule.js";
export type { Limits, Quantities } from "./fields.js";
export type { Fix } from "./fix.js";
export type { Container, DnsPolicy, EnvVar, Owner, Pod, Port, Protocol, Probe, Review, Volume, VolumeMount, Workload } from "./view.js";
export { afterLast, beforeLast, show, sum, toInteger, trimPrefix, trimSuffix } from "./intrinsics.js";
export { isGiven, matches, matchesGlob } from "./matcher.js";
export type { Matcher } from "./matcher.js";
export { nameOf } from "./names.js";
export { describePort, describeRange, holds, nodePort, nodePortLocation, roleOf, runsOn, takesNodePorts } from "./ports.js";
export type { PortRange, Role } from "./ports.js";
