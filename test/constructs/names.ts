import { at, defineRule, show, violation, type Container, type Port } from "../../policies/kit/index.js";

interface Package {
  readonly data: number;
  readonly input: string;
  readonly loop: readonly string[];
  readonly var: boolean;
  readonly path: string;
  readonly namespace: string;
}

const data: readonly string[] = ["data", "input"];
const type = "type";
const variables: readonly Package[] = [{ data: 1, input: "d", loop: ["p"], var: true, path: "/", namespace: "n" }];

/** Parameters named as a caller's variables, as builtins and keywords of Rego and CEL. */
function count(input: number, container: Container, list: readonly string[]): number {
  return list.length + input + container.ports.filter((port) => port.hostPort > input).length;
}

function size(map: string, namespace: string, set: boolean): string {
  return set ? map : namespace;
}

function object(string: string, int: number): Package {
  return { data: int, input: string, loop: [string, ...data], var: int > 1, path: `${string}/${int}`, namespace: type };
}

function startswith(not: Package, some: number): boolean {
  return not.var || not.data > some || not.loop.includes(not.namespace);
}

/** A field and a local that would be one name where fields are passed by themselves. */
function joined(port: Port, port_hostPort: number, port_name: string): number {
  return port.hostPort > 0 || port.name === port_name ? port.hostPort - port_hostPort : port_hostPort;
}

/** Names that hide each other, and names that mean something else in Rego or CEL. */
export default defineRule({
  id: "names",
  title: "Names in every shape",
  severity: "low",
  enforcement: "warn",
  exemptions: "none",
  *check({ workload, pod }) {
    const has = pod.hostNetwork;
    const msg = size(workload.kind, workload.namespace, has);
    yield violation(at(workload, "kind"), `${show(msg)} ${type} ${data.join("")} ${variables.map((every) => `${every.data}${show(every.input)}`).join("")}`);
    for (const [input, container] of pod.containers.entries()) {
      const text = `${input}`;
      const all = container.ports.filter((port) => port.hostPort > input);
      const exists = all.filter((port) => all.some((text2) => text2.hostPort > port.hostPort) && data.includes(`${input}`) !== has);
      yield violation(at(container), `${text} ${count(1, container, data)} ${count(input, container, container.args)} ${all.length} ${exists.length}`);
      for (const [path, port] of container.ports.entries()) {
        const container2 = path - input;
        const port_protocol = "UDP";
        const containerList = [`${container2}`, port_protocol];
        const i = pod.containers.filter((container, i) => i === input || containerList.includes(`${i}`) || container.ports.some((port) => port.protocol === port_protocol));
        yield violation(at(port), `${text}.${path} ${container2} ${i.length} ${containerList.join("")} ${joined(port, path, "http")}`);
        const both = container.ports.filter((port, path) => port.protocol === port_protocol || path > input);
        yield violation(at(port), `${text}.${path} ${both.length} ${port.hostPort}`);
      }
      for (const [path, arg] of container.args.entries()) {
        const parameters = object(arg, path);
        const request = parameters.path;
        if (startswith(parameters, input)) yield violation(at(container, "args", path), `${text}.${path} ${show(request)} ${parameters.loop.length} ${show(parameters.namespace)}`);
        else yield violation(at(container, "args", path), `${text}.${path} ${show(parameters.input)} ${parameters.var ? "null" : "set"} ${parameters.data}`);
      }
      for (const variable of container.env) {
        for (const [variable2, params] of container.env.entries()) {
          const findings = variable.name === params.name && variable.value === params.value;
          if (findings) yield violation(at(variable), `${text} env ${variable2}`);
        }
      }
    }
    for (const container of pod.containers) {
      const exists = container.ports.some((container) => container.hostPort > 0);
      const contains = container.args.map((container, index) => `${index}${container === "" ? "" : "x"}`);
      for (const [result, matches] of contains.entries()) {
        if (exists || matches === "0x") yield violation(at(container, "args", result), `again ${matches} ${contains.filter((matches) => matches.endsWith("x")).length}`);
      }
    }
    const $é = pod.dnsPolicy === "None" ? "none" : "other";
    yield violation(at(pod, "dnsPolicy"), `${$é} ${pod.containers.filter((ünder_) => ünder_.name !== $é).length}`);
  },
});
