import { at, defineRule, show, violation, type Container, type Pod } from "../../policies/kit/index.js";

interface Traits {
  readonly isBig: boolean;
  readonly flags: readonly boolean[];
  readonly size: number;
}

function traits(container: Container, limit: number, isHost: boolean): Traits {
  const isBig = container.ports.length > limit;
  return { isBig, flags: [isBig, isHost, !isHost || isBig, container.args.some((arg) => arg === "")], size: isBig ? container.ports.length : 0 - limit };
}

function describe(isBig: boolean, isHost: boolean, size: number): string {
  if (isBig) return isHost ? `big host ${size}` : `big ${size}`;
  return isHost || size < 0 ? "small" : `else ${size === 0 ? "zero" : `${size}`}`;
}

function isHigh(pod: Pod, number: number): boolean {
  return pod.hostNetwork ? number > 1024 : pod.hostPID ? number > 80 : number === 0;
}

/** Conditional expressions nested on both arms, and booleans as values: bound, passed, compared, kept in records and lists. */
export default defineRule({
  id: "choices",
  title: "Conditional expressions in every shape",
  severity: "low",
  enforcement: "warn",
  exemptions: "none",
  *check({ workload, pod }) {
    const where = pod.hostNetwork ? (pod.hostPID ? "both" : "network") : pod.hostPID ? "processes" : "neither";
    const isLarge = pod.containers.length > 1;
    const isQuiet = !isLarge && !pod.hostNetwork;
    yield violation(at(pod, "hostNetwork"), `${where}${isLarge ? ", large" : ""}${isQuiet ? ", quiet" : ", loud"}`);
    if (isLarge === isQuiet) yield violation(at(pod, "hostPID"), "neither large nor quiet");
    if (isLarge !== (pod.hostPID || pod.hostIPC)) yield violation(at(pod, "hostPID"), "large or not private");
    if (pod.hostNetwork ? isLarge : pod.hostPID) yield violation(at(pod, "hostPID"), "chosen");
    if (!(pod.hostNetwork ? isLarge : pod.hostPID)) yield violation(at(pod, "hostPID"), "not chosen");
    if ((pod.hostNetwork ? workload.name : workload.namespace) === (isLarge ? "agent" : "default")) {
      yield violation(at(workload, "name"), `equal ${show(isLarge ? workload.kind : pod.dnsPolicy)}`);
    }
    const numbers = (isLarge ? pod.containers : []).map((container) => (container.ports.length > 1 ? container.ports.length * 10 : 0 - container.args.length));
    yield violation(at(pod, "containers"), `numbers ${numbers.map((number) => `${number}`).join(" ")}`);
    for (const [c, container] of pod.containers.entries()) {
      const own = traits(container, isLarge ? 1 : 2, pod.hostNetwork);
      const isMixed = own.flags.includes(true) && own.flags.includes(false);
      yield violation(at(container), `${c} ${describe(own.isBig, pod.hostNetwork && !own.isBig, own.size + c)} ${isMixed ? "mixed" : "pure"} ${own.flags.filter((flag) => flag).length}`);
      if (own.flags[c] ?? own.isBig) yield violation(at(container, "name"), `${c} flagged`);
      if (own.flags.every((flag) => flag === own.isBig)) yield violation(at(container, "name"), `${c} all ${own.isBig ? "big" : "small"}`);
      for (const [p, port] of container.ports.entries()) {
        if (isHigh(pod, port.hostPort) !== isHigh(pod, port.containerPort)) yield violation(at(port), `${c}.${p} half high`);
        yield violation(port.hostPort > 0 ? at(port, "hostPort") : at(port, "containerPort"), `${c}.${p} ${port.hostPort > 0 ? (own.isBig ? port.hostPort + 1 : port.hostPort - 1) : own.size}`);
      }
    }
  },
});
