import { at, defineRule, show, violation, type Container, type Location, type Pod, type Port, type Workload } from "../../policies/kit/index.js";

function total(container: Container): number {
  return container.ports.length + container.args.length;
}

function rank(container: Container, count: number): number {
  const half = count * 2 - total(container);
  if (half > 5) return 3;
  const isSmall = half < 0;
  if (isSmall) {
    if (container.source === "initContainers") return 0 - half;
    return half;
  } else if (half === 0) {
    return total(container) > 1 ? 1 : 2;
  }
  return 0;
}

/** A condition here, a value there. */
function isBusy(container: Container, limit: number): boolean {
  const size = total(container);
  if (size === 0) return false;
  if (container.command.length > 0) return size >= limit;
  return !(size < limit) || container.env.some((variable) => variable.name === "PORT" && isLong(variable.value, limit));
}

function isLong(value: string, limit: number): boolean {
  return value.split("0").length > limit;
}

function title(workload: Workload): string {
  return workload.name === "" ? generated(workload) : workload.name;
}

function generated(workload: Workload): string {
  const prefix = workload.generateName;
  if (prefix === "") return "?";
  return `${prefix}*`;
}

function place(pod: Pod, container: Container, index: number): Location {
  if (!pod.hostNetwork) return at(pod, "hostNetwork");
  const isBeyond = index >= container.ports.length;
  if (isBeyond) return index > 1 ? at(container, "ports") : at(container);
  return at(container, "args", index + 1);
}

function fixed(): string {
  return "fixed";
}

function ignoring(pod: Pod, container: Container, used: number, _unused: number): number {
  return pod.hostNetwork ? used : container.ports.length;
}

function isFirst(ports: readonly Port[], port: Port): boolean {
  return !ports.some((other) => other.hostPort < port.hostPort);
}

/** Helper functions that call each other, return early, and serve as conditions as well as values. */
export default defineRule({
  id: "helpers",
  title: "Helper functions in every shape",
  severity: "low",
  enforcement: "warn",
  exemptions: "none",
  *check({ workload, pod }) {
    yield violation(at(workload, "name"), `${show(title(workload))} ${fixed()}`);
    const busy = pod.containers.filter((container, c) => isBusy(container, c + 1));
    if (busy.length > 0 && busy.some((container) => !isBusy(container, 2))) yield violation(at(pod, "containers"), `${busy.length} busy`);
    for (const [c, container] of pod.containers.entries()) {
      const order = rank(container, c);
      const isQuiet = !isBusy(container, order);
      yield violation(place(pod, container, c), `${c} ranks ${order} ${rank(container, order)} ${isQuiet ? "quiet" : "busy"} ${isBusy(container, total(container)) ? 1 : 0}`);
      if (isBusy(container, 1) === isQuiet) yield violation(at(container, "image"), `${c} ${ignoring(pod, container, order, total(container))}`);
      for (const [p, port] of container.ports.entries()) {
        if (isFirst(container.ports, port) && isFirst(container.ports.filter((other, o) => o !== p), port)) yield violation(place(pod, container, p), `${c}.${p} first ${rank(container, p)}`);
      }
    }
  },
});
