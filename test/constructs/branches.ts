import { at, defineRule, violation } from "../../policies/kit/index.js";

/** `if`, `else if` and `else`, where none, some or all of the branches end the loop's round or the rule. */
export default defineRule({
  id: "branches",
  title: "Branches in every shape",
  severity: "low",
  enforcement: "warn",
  exemptions: "none",
  *check({ workload, pod }) {
    const count = pod.containers.length;
    const unused = count + 1;
    if (workload.namespace === "kube-system") {
      const half = unused * 2;
      yield violation(at(workload, "namespace"), `system ${half}`);
      if (pod.hostPID) return;
      yield violation(at(workload, "namespace"), `system without PIDs ${unused + half}`);
    } else if (workload.namespace === "monitoring") {
      if (!pod.hostNetwork) {
        yield violation(at(workload, "namespace"), `monitoring ${count}`);
      }
    } else {
      yield violation(at(workload, "namespace"), `elsewhere ${count}`);
    }
    for (const [c, container] of pod.containers.entries()) {
      const ports = container.ports.length;
      if (ports === 0) {
        if (container.args.length > 1) {
          yield violation(at(container, "args"), `${c}: many arguments`);
        } else if (container.args.length === 1) {
          yield violation(at(container, "args"), `${c}: one argument`);
          continue;
        } else if (container.env.length > 0) {
          continue;
        }
        yield violation(at(container, "ports"), `${c}: no ports`);
      } else {
        const wanted = ports > 2 ? "few" : "more";
        if (ports === 1) {
          yield violation(at(container, "ports"), `${c}: one port`);
        } else {
          if (ports === 4) continue;
          yield violation(at(container, "ports"), `${c}: ${ports} ports, not ${wanted}`);
        }
      }
      if (container.source !== "containers") {
        if (container.restartPolicy === "Always") yield violation(at(container), `${c}: sidecar`);
        else yield violation(at(container), `${c}: passing`);
        if (ports < 2) continue;
      }
      {
        const sum = ports + container.env.length;
        yield violation(at(container, "image"), `${c}: ends with ${sum}`);
      }
    }
    if (count === 1) return;
    if (!pod.hostNetwork && count > 1) {
      yield violation(at(pod, "hostNetwork"), "several alone");
    } else if (count === 0) {
      return;
    }
    yield violation(at(pod, "containers"), `end of ${count}`);
  },
});
