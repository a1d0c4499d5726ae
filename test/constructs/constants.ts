import { at, defineRule, show, violation, type Port } from "../../policies/kit/index.js";
import { isLoose, isStrict, knownPorts, limit, names, offsets, prefix, type KnownPort } from "./tables.js";

const step = -3;
const nothing: readonly string[] = [];

function always(): boolean {
  return isStrict;
}

function never(port: Port): boolean {
  if (port.hostPort === limit) return isLoose;
  return isLoose && port.hostPort > 0;
}

function covers(known: KnownPort, port: Port): boolean {
  const last = known.to ?? known.from;
  return port.containerPort >= known.from && port.containerPort <= last && (known.protocol ?? port.protocol) === port.protocol;
}

/** Tables of data with optional fields, scalars that are folded, and conditions of which nothing remains. */
export default defineRule({
  id: "constants",
  title: "Constants in every shape",
  severity: "low",
  enforcement: "warn",
  exemptions: "none",
  *check({ workload, pod }) {
    if (isStrict || pod.hostNetwork) yield violation(at(pod, "hostNetwork"), `strict ${step} ${limit} ${prefix}${names.length}`);
    if (isLoose || pod.hostNetwork) yield violation(at(pod, "hostNetwork"), "loose or host");
    if (isLoose) yield violation(at(pod, "hostNetwork"), "never");
    if (!isLoose && !(isStrict && pod.hostPID)) yield violation(at(pod, "hostPID"), "no PIDs");
    if (always()) yield violation(at(pod, "hostPID"), `always ${isStrict ? "one" : "other"}`);
    if (nothing.includes(workload.name) || nothing.some((name) => name === workload.name)) yield violation(at(workload, "name"), "in nothing");
    if (names.includes(workload.name)) yield violation(at(workload, "name"), `named ${show(workload.name)} ${show(names[2] ?? "")}`);
    if (pod.containers.every(() => isStrict) && pod.containers.every((container) => isStrict || container.name === "")) yield violation(at(pod, "containers"), "every strict");
    if (pod.containers.some(() => isLoose) || pod.containers.some(() => isStrict)) yield violation(at(pod, "containers"), "some strict");
    yield violation(at(pod, "containers"), `${pod.containers.filter(() => isStrict).length} of ${pod.containers.filter(() => isLoose).length}`);
    for (const [c, container] of pod.containers.entries()) {
      if (container.name.startsWith(prefix) && offsets.includes(c + step)) yield violation(at(container, "name"), `${c} offset`);
      for (const [p, port] of container.ports.entries()) {
        if (never(port)) yield violation(at(port), `${c}.${p} never`);
        const users = knownPorts.filter((known) => covers(known, port));
        const user = users[0] ?? { usedBy: "nobody", from: step };
        if (users.length > 0) yield violation(at(port), `${c}.${p} ${users.map((known) => `${show(known.usedBy)}: ${show((known.notes ?? ["no notes"]).join("/"))}`).join(", ")} from ${user.from}`);
        else yield violation(at(port), `${c}.${p} ${show(user.usedBy)} ${(offsets[p] ?? limit) + port.containerPort}`);
        if (knownPorts.some((known) => (known.to ?? -1) === -1 && known.from !== port.containerPort)) continue;
        yield violation(at(port), `${c}.${p} unreachable`);
      }
    }
  },
});
