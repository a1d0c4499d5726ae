import { at, defineRule, violation, type Container } from "../../policies/kit/index.js";

function isOdd(container: Container, limit: number): boolean {
  if (container.ports.length > limit) return true;
  if (container.args.length > limit) return container.env.length > 0 || container.command.length > 0;
  return container.source === "initContainers" && !(container.restartPolicy === "Always" || container.env.length === 0);
}

/** `||`, for which Rego has no operator: at the top, inside `&&` and `!`, in loops with what they captured. */
export default defineRule({
  id: "disjunctions",
  title: "Alternatives in every shape",
  severity: "low",
  enforcement: "warn",
  exemptions: "none",
  *check({ workload, pod }) {
    if (pod.hostNetwork || pod.hostPID) yield violation(at(pod, "hostNetwork"), "one of two");
    if (!(pod.hostNetwork || pod.hostPID)) yield violation(at(pod, "hostNetwork"), "none of two");
    if (!(pod.hostNetwork && pod.hostPID)) yield violation(at(pod, "hostNetwork"), "not both");
    if ((pod.hostNetwork || pod.hostPID) && (workload.namespace === "default" || !pod.hostPID)) yield violation(at(pod, "hostPID"), "one of each");
    if (!((pod.hostNetwork || !pod.hostPID) && !(workload.namespace === "default" || pod.dnsPolicy === "None"))) {
      yield violation(at(pod, "hostPID"), "none of the pairs");
    }
    if (workload.kind === "Pod" || (workload.kind === "DaemonSet" && (pod.hostPID || pod.dnsPolicy !== "ClusterFirst")) || (workload.name === "agent" && pod.hostNetwork)) {
      yield violation(at(workload, "kind"), "three ways, one of them with two");
    }
    for (const [c, container] of pod.containers.entries()) {
      const many = container.ports.length > 1 || container.args.length > 1;
      const few = !(many || container.env.length > 0);
      if (many || (few && pod.hostNetwork)) yield violation(at(container), `${c}: ${many ? "many" : "few"}`);
      if (!few && !many) yield violation(at(container), `${c}: between`);
      if (isOdd(container, c) || isOdd(container, 1)) yield violation(at(container), `${c}: odd ${isOdd(container, 2) ? "beyond 2" : "below 2"}`);
      for (const [p, port] of container.ports.entries()) {
        if (port.hostPort === port.containerPort || (port.hostPort === 0 && pod.hostNetwork) || container.ports.length === c + p) {
          yield violation(at(port), `${c}.${p}: the same, none or as many`);
        }
        if (pod.containers.some((other, o) => o !== c && (other.ports.some((each) => each.hostPort === port.hostPort || each.name === port.name) || other.name === container.name))) {
          yield violation(at(port), `${c}.${p}: shared`);
        }
        if (container.ports.filter((other) => other.hostPort === port.hostPort || other.containerPort === port.containerPort).length > 1) {
          yield violation(at(port), `${c}.${p}: not alone`);
        }
      }
    }
  },
});
