import { at, defineRule, violation, type Container, type Port } from "../../policies/kit/index.js";

function isPublished(port: Port): boolean {
  return port.hostPort > 0;
}

/** A quantifier as a helper's result; over no ports it is true. */
function onlyPublished(container: Container): boolean {
  return container.ports.every((port) => isPublished(port));
}

/** `some` and `every`: negated, nested in each other, with positions, over empty lists, as values and as conditions. */
export default defineRule({
  id: "quantifiers",
  title: "Quantifiers in every shape",
  severity: "low",
  enforcement: "warn",
  exemptions: "none",
  *check({ workload, pod }) {
    const hasUdp = pod.containers.some((container) => container.ports.some((port) => port.protocol === "UDP"));
    if (hasUdp) yield violation(at(pod, "containers"), "some UDP");
    if (!hasUdp) yield violation(at(pod, "containers"), "no UDP");
    if (pod.containers.every((container) => container.ports.some((port) => isPublished(port)))) {
      yield violation(at(pod, "containers"), "every one publishes some");
    }
    if (pod.containers.some((container) => container.ports.every((port) => !isPublished(port)))) {
      yield violation(at(pod, "containers"), "some publishes none");
    }
    if (!pod.containers.every((container) => !container.ports.some((port) => !(port.protocol === "TCP" && port.hostPort > 80)))) {
      yield violation(at(pod, "containers"), "not every one is without some that is not high TCP");
    }
    if (!pod.containers.some((container) => !container.ports.every((port) => port.hostPort <= 80 || !(port.hostPort < 9000)))) {
      yield violation(at(pod, "containers"), "none has a port between");
    }
    if (pod.containers.some((one, o) => pod.containers.some((other, p) => o < p && one.image === other.image && one.image !== ""))) {
      yield violation(at(pod, "containers"), "an image twice");
    }
    if (!pod.containers.every((container, index) => index === 0 || container.ports.length >= index)) {
      yield violation(at(pod, "containers"), "not growing");
    }
    if (workload.owners.every((owner) => owner.controller) === pod.hostNetwork) {
      yield violation(at(workload, "owners"), `like the host network ${pod.hostNetwork ? "yes" : "no"}`);
    }
    if (pod.containers.some((_, index) => index > 1) && !pod.containers.every(() => pod.hostPID)) {
      yield violation(at(pod, "containers"), "three without PIDs");
    }
    for (const [c, container] of pod.containers.entries()) {
      const isFirst = !pod.containers.some((other, o) => o < c && other.ports.length === container.ports.length);
      const all = container.ports.every((port) => port.containerPort !== 80);
      if (isFirst && !all) yield violation(at(container, "ports"), `${c}: first of its size with 80`);
      if (onlyPublished(container) !== all) yield violation(at(container), `${c}: published ${all ? "and no 80" : "or not, and 80"}`);
      if (!onlyPublished(container) || container.args.some((arg) => container.command.includes(arg))) {
        yield violation(at(container), `${c}: hidden, or says it twice`);
      }
      for (const [p, port] of container.ports.entries()) {
        if (container.ports.every((other, o) => o === p || !(other.hostPort === port.hostPort && other.protocol === port.protocol))) continue;
        if (container.ports.some((other, o) => o !== p && pod.containers.every((each) => each.ports.every((third) => third.hostPort !== other.hostPort || third.protocol === port.protocol)))) {
          yield violation(at(port), `${c}.${p}: alike and of one protocol`);
        } else {
          yield violation(at(port), `${c}.${p}: alike`);
        }
      }
    }
  },
});
