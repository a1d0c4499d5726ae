import { at, defineRule, show, violation, type Container } from "../../policies/kit/index.js";

export interface Params {
  /**
   * @maxItems 2
   * @default []
   */
  pairs: Pair[];
}

export interface Pair {
  /**
   * @maxItems 3
   */
  left?: string[];
  /**
   * @maxItems 4
   */
  right: string[];
}

interface Words {
  readonly all: readonly string[];
}

const table = [{ names: ["a", "b", "c"] }, { names: ["d"] }];

function wordsOf(container: Container): Words {
  return { all: [...container.command, ...container.args, container.name] };
}

function numbered(words: readonly string[]): string {
  return words.map((word, w) => `${w}${show(word)}`).join(" ");
}

/** Positions in lists that are longer than each bound of the object and of the parameters: what is joined of several. */
export default defineRule<Params>({
  id: "positions",
  title: "Positions in joined lists",
  severity: "low",
  enforcement: "warn",
  exemptions: "none",
  limits: { containers: 4, arguments: 4, ports: 4 },
  *check({ pod }, { pairs }) {
    for (const container of pod.containers) {
      yield violation(at(container), `words ${numbered(wordsOf(container).all)}`);
      const taken = [...container.ports.map((port) => port.hostPort), ...container.ports.map((port) => port.containerPort)];
      for (const [p, port] of [...taken, ...taken].entries()) {
        if (port > 80) yield violation(at(container, "ports"), `${p} is ${port}`);
      }
      const probes = [...container.probes, ...container.probes].filter((_, p) => p > 1);
      yield violation(at(container, "probes"), `${probes.length} probes`);
    }
    const groups = [[], ...pairs.map((pair) => [...(pair.left ?? []), ...pair.right])];
    for (const group of groups) yield violation(at(pod, "containers"), `group of ${group.filter((word, g) => word !== "" || g > 4).length}: ${numbered(group)}`);
    const chosen = pod.hostNetwork ? (groups[1] ?? ["none"]) : table.map((row) => row.names.join(""));
    yield violation(at(pod, "hostNetwork"), `chosen ${numbered([...chosen, ...(groups[2] ?? [])])} of ${show(table.map((row) => row.names.filter((_, n) => n > 0).join("")).join(","))}`);
  },
});
