import { at, defineRule, nameOf, show, violation, type Protocol } from "../../policies/kit/index.js";

/** One that says much or little. */
export interface Entry {
  /** @maxLength 30 */
  name: string;
  /**
   * @minimum -5
   * @maximum 70000
   */
  port?: number;
  protocol?: Protocol;
  isOpen?: boolean;
  /**
   * @maxItems 4
   */
  tags?: ("a" | "b" | "c")[];
  range?: Range;
  /** @maxItems 3 */
  inner?: Inner[];
}

export interface Range {
  /**
   * @minimum 0
   * @maximum 9100
   */
  from: number;
  /**
   * @minimum 0
   * @maximum 65535
   */
  to?: number;
}

export interface Inner {
  key: "image" | "name" | "none";
  weight?: number;
}

export interface Params {
  /**
   * @maxItems 4
   * @default []
   */
  entries: Entry[];
  /**
   * @default 2
   * @minimum -3
   * @maximum 4
   */
  limit: number;
  /** @default true */
  isStrict: boolean;
  /** @default false */
  isLoud: boolean;
  /** @default "long" */
  style: "long" | "short" | "";
  /**
   * @maxItems 3
   * @default ["agent", ""]
   */
  names: string[];
  /**
   * @maxItems 5
   * @default [80, 8080]
   */
  ports: number[];
  /** @default {} */
  nested: {
    /** @default {} */
    deep: {
      /** @default 10 */
      level: number;
      /** @default "" */
      label: "" | "x" | "y";
    };
    /** @default true */
    isOn: boolean;
    /**
     * @maxItems 2
     * @default [{ "from": 80, "to": 443 }, { "from": 8080 }]
     */
    ranges: Range[];
  };
  /**
   * @maxProperties 3
   * @default { "zone": "a" }
   */
  labels: Record<string, string>;
}

function isIn(range: Range, port: number): boolean {
  return range.from <= port && port <= (range.to ?? range.from);
}

function wants(entry: Entry, port: number, protocol: Protocol): boolean {
  if (!(entry.isOpen ?? true)) return false;
  if ((entry.port ?? port) !== port) return false;
  return (entry.protocol ?? protocol) === protocol && isIn(entry.range ?? { from: 0, to: 9000 }, port);
}

/** Parameters: scalars of every type, lists, records in records, fields with defaults and fields that may be absent. */
export default defineRule<Params>({
  id: "parameters",
  title: "Parameters in every shape",
  severity: "low",
  enforcement: "warn",
  *check({ workload, pod }, params) {
    yield violation(at(workload, "kind"), `${params.limit} ${params.isStrict ? "strict" : "lax"} ${params.style === "" ? "no style" : params.style} ${params.nested.deep.level - 1}${params.nested.deep.label}`);
    yield violation(at(workload, "kind"), `${params.names.length} names, ${params.ports.map((port) => `${port + 1}`).join(" ")}, ${params.ports[0] ?? -1}, ${params.nested.ranges.length} ranges`);
    if (params.names.includes(nameOf(workload)) === params.isLoud) yield violation(at(workload, "name"), `${params.isLoud ? "loud" : "low"} ${show(params.names[params.limit] ?? "no such name")}`);
    if ((params.labels["zone"] ?? "none") === (pod.nodeSelector["zone"] ?? "none")) yield violation(at(pod, "nodeSelector"), `zone ${show(params.labels["zone"] ?? "none")}`);
    if ((params.isStrict && !params.isLoud) || (params.nested.isOn && params.style === "short")) yield violation(at(workload, "kind"), "strict or on");
    for (const [e, entry] of params.entries.entries()) {
      const tags = entry.tags ?? ["c"];
      const weights = (entry.inner ?? []).filter((inner) => inner.key !== "none").map((inner) => inner.weight ?? -1);
      yield violation(at(pod, "containers", e), `${e} ${show(entry.name)} ${entry.port ?? 0} ${entry.protocol ?? "any"} ${(entry.isOpen ?? params.isStrict) ? "open" : "shut"} ${tags.join("+")} ${weights.map((weight) => `${weight * 2}`).join("/")}`);
    }
    for (const [c, container] of pod.containers.entries()) {
      if (c > params.limit) continue;
      for (const [p, port] of container.ports.entries()) {
        const wanted = params.entries.filter((entry) => wants(entry, port.containerPort, port.protocol));
        if (wanted.length > 0) yield violation(at(port), `${c}.${p} wanted by ${wanted.map((entry) => show(entry.name)).join(", ")}`);
        if (params.ports.includes(port.containerPort) || params.ports.some((each) => each + params.limit > port.hostPort && port.hostPort > 0)) yield violation(at(port), `${c}.${p} listed`);
        if (!params.nested.ranges.some((range) => isIn(range, port.containerPort))) yield violation(at(port), `${c}.${p} in no range of ${params.nested.ranges.map((range) => `${range.from}-${range.to ?? -1}`).join(" ")}`);
      }
      const known = params.entries.some((entry) => (entry.inner ?? []).some((inner) => (inner.key === "image" ? container.image : container.name).includes(entry.name)));
      if (known && params.nested.isOn) yield violation(at(container), `${c} known`);
    }
  },
});
