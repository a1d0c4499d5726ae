import { at, defineRule, show, violation } from "../../policies/kit/index.js";

/** Loops one, two and three deep, with positions and without; several findings in one loop come in their order. */
export default defineRule({
  id: "loops",
  title: "Loops in every shape",
  severity: "low",
  enforcement: "warn",
  exemptions: "none",
  *check({ workload, pod }) {
    yield violation(at(workload, "kind"), `first ${show(workload.kind)}`);
    for (const [c, container] of pod.containers.entries()) {
      yield violation(at(container, "ports"), `${c} has ${container.ports.length} ports`);
      for (const [p, port] of container.ports.entries()) {
        for (const [a, arg] of container.args.entries()) {
          if (arg === "") continue;
          yield violation(at(container, "args", a), `${c}.${p}.${a} off by ${port.hostPort - port.containerPort}`);
        }
        if (port.hostPort !== 0) continue;
        yield violation(at(port, "hostPort"), `${c}.${p} none`);
        yield violation(at(port, "containerPort"), `${c}.${p} again`);
      }
      yield violation(at(container, "name"), `${c} ends`);
    }
    for (const container of pod.containers) {
      for (const variable of container.env) {
        if (variable.value !== "") {
          yield violation(at(variable, "value"), `env ${show(variable.name)}`);
        }
      }
    }
    // A loop of which only the position is used, one that does nothing, and ones over lists that are computed.
    for (const [position, _] of pod.containers.entries()) {
      yield violation(at(pod, "containers", position), `position ${position}`);
    }
    for (const [n, name] of pod.containers.map((container) => container.name).entries()) {
      if (name.endsWith("1")) yield violation(at(pod, "containers", n), `second ${n}`);
    }
    for (const owner of workload.owners) {
      if (owner.controller) continue;
    }
    for (const owner of workload.owners.filter((each) => each.controller)) {
      yield violation(at(owner, "name"), `owned by ${show(owner.kind)}`);
    }
    yield violation(at(workload, "name"), `last of ${pod.containers.length}`);
  },
});
