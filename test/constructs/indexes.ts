import { at, defineRule, show, violation } from "../../policies/kit/index.js";

/** What may be absent: elements of lists at literal and computed positions, entries of maps. */
export default defineRule({
  id: "indexes",
  title: "Positions and keys in every shape",
  severity: "low",
  enforcement: "warn",
  exemptions: "none",
  *check({ workload, pod }) {
    const os = pod.nodeSelector["kubernetes.io/os"] ?? pod.osName;
    yield violation(at(pod, "nodeSelector"), `os "${show(os)}" zone ${show(pod.nodeSelector["zone"] ?? "nowhere")} ${show(pod.nodeSelector[pod.osName] ?? "no such")}`);
    if ((pod.nodeSelector["zone"] ?? "a") === "a" && (pod.nodeSelector[workload.name] ?? "") === "") yield violation(at(pod, "nodeSelector"), "in a");
    const images = pod.containers.map((container) => container.image);
    const numbers = pod.containers.map((container) => container.ports.map((port) => port.hostPort)[0] ?? -1);
    yield violation(at(pod, "containers"), `${show(images[0] ?? "no first")} ${show(images[images.length - 1] ?? "no last")} ${numbers[1] ?? 7} ${numbers[-1] ?? -7}`);
    for (const [c, container] of pod.containers.entries()) {
      const before = numbers[c - 1] ?? 100;
      const after = numbers[c + 1] ?? before;
      const pick = container.args[(numbers[c] ?? 0) + 1 - container.ports.length] ?? (container.command[c] ?? "nothing");
      yield violation(at(container), `${c} ${before} ${after} ${show(pick)} ${(numbers[c] ?? 0) < after ? "up" : "down"}`);
    }
  },
});
