import { at, defineRule, show, sum, toInteger, violation, type Container, type Pod, type Port } from "../../policies/kit/index.js";

export interface Params {
  /**
   * @maxItems 4
   * @default [1, 2]
   */
  weights: number[];
  /**
   * @maxItems 3
   * @default []
   */
  groups: Group[];
}

export interface Group {
  /**
   * @maxItems 3
   */
  ports?: number[];
  /**
   * @maxItems 2
   */
  words: string[];
}

interface Pair {
  readonly left: readonly number[];
  readonly right: readonly string[];
}

function pick(isLeft: boolean, one: readonly number[], other: readonly number[]): readonly number[] {
  if (isLeft && one.length > 0) return one;
  return isLeft ? [] : other.filter((each, e) => e > 0 || each > 80);
}

function pairOf(container: Container, weights: readonly number[]): Pair {
  const ports = container.ports.map((port) => port.hostPort);
  return container.args.length > 1 ? { left: pick(true, ports, weights), right: container.args } : { left: pick(ports.length > 1, weights, ports), right: [] };
}

function isNear(pod: Pod, port: Port, weights: readonly number[]): boolean {
  const isWeighted = weights.some((weight, w) => weight === port.hostPort - w || (w === 0 && weight < 0));
  if (pod.hostNetwork) return isWeighted || port.containerPort > 9000;
  return !isWeighted && !(port.containerPort > 9000);
}

/** What each other rule has alone, inside each other. */
export default defineRule<Params>({
  id: "mixtures",
  title: "Constructs inside each other",
  severity: "low",
  enforcement: "warn",
  exemptions: "none",
  *check({ workload, pod }, { weights, groups }) {
    yield violation(at(workload, "kind"), show(`kind ${workload.kind}`));
    if (pod.hostNetwork) yield violation(at(workload, "name"), show(`name ${workload.name}`));
    const total = sum(weights) - -1;
    const numbers = [...weights, ...groups.map((group) => sum(group.ports ?? [])), total];
    yield violation(at(pod, "hostNetwork"), `${numbers.map((number) => `${number * -1}`).join(" ")} ${sum(numbers.filter((number, n) => n > 0 && number > 80))}`);
    const near = pod.containers.map((container) => container.ports.filter((port) => isNear(pod, port, weights)));
    yield violation(at(pod, "containers"), `near ${near.map((ports, p) => `${p}:${ports.map((port) => `${port.hostPort}`).join("+")}`).join(" ")}`);
    if (near.some((ports) => ports.length > 0) ? near.every((ports) => ports.every((port) => port.hostPort > 0)) : weights.length === 0) {
      yield violation(at(pod, "containers"), "all near are published");
    }
    for (const [c, container] of pod.containers.entries()) {
      const pair = pairOf(container, weights);
      const isTaken = container.ports.some((port) => pair.left.includes(port.hostPort));
      const text = isTaken ? (pair.right[0] ?? "none") : container.name === "" ? "nameless" : pair.right.join(" ");
      yield violation(at(container), show(`${c} ${text}`));
      const first = pair.left[0] ?? (isTaken ? 1 : (weights[c] ?? toInteger(text, c)));
      if (pod.hostPID) {
        if (first > 80) continue;
        yield violation(at(container, "name"), `${c} first ${first}`);
      } else if (isTaken) {
        if (pair.right.length > 0) {
          if (container.command.length > 0) continue;
          yield violation(at(container, "name"), `${c} right ${pair.right.length}`);
        }
      }
      for (const [g, group] of groups.entries()) {
        const words = group.words.filter((word) => !container.args.includes(word) && !(isTaken && word === ""));
        for (const word of words) {
          if (word === "agent" || (group.ports ?? []).every((port) => port > first)) continue;
          if (!container.args.some((arg) => arg.split(" ").some((part) => part === word || (c > 0 && part.startsWith("<"))))) {
            yield violation(at(container, "args"), `${c}.${g} ${show(word)} ${words.length} ${(group.ports ?? [7])[g] ?? first}`);
          }
        }
      }
      if (container.args.every(() => isTaken) && container.ports.every((port, _) => port.hostPort > 0)) yield violation(at(container, "image"), `${c} every one, looked at or not`);
      const isLast = !pod.containers.some((_, index) => index > c);
      const flags = [isLast, isTaken, isLast !== isTaken, pair.left.length > 1 && isLast];
      if (flags.filter((flag) => !flag).length === (isLast ? 2 : 3)) yield violation(at(container, "image"), `${c} flags ${flags.map((flag) => (flag ? "1" : "0")).join("")}`);
    }
  },
});
