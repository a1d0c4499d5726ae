import { at, defineRule, show, sum, violation, type Container } from "../../policies/kit/index.js";

function published(container: Container): number[] {
  return container.ports.filter((port) => port.hostPort > 0).map((port) => port.hostPort);
}

/** Lists: `filter` and `map` of each other, with positions, joined, measured, searched, spread and nested. */
export default defineRule({
  id: "lists",
  title: "Lists in every shape",
  severity: "low",
  enforcement: "warn",
  exemptions: "none",
  *check({ workload, pod }) {
    const places = pod.containers.map((container, c) => `${c}${container.source === "containers" ? "" : "i"}`);
    const odd = pod.containers.filter((container, c) => c !== 1 && container.ports.length !== c);
    const even = pod.containers.filter((container) => container.ports.length > 0).filter((container) => container.args.length > 0);
    yield violation(at(pod, "containers"), `${places.join(",")} odd ${odd.map((container) => `${container.ports.length}`).join(",")} even ${even.length}`);
    const counts = pod.containers.filter((container) => !even.some((other) => other.name === container.name)).map((container) => container.ports.length);
    yield violation(at(pod, "containers"), `counts ${sum(counts)} of ${counts.length}, ${counts.includes(2) ? "a two" : "no two"}`);
    const third = pod.containers.map((container) => container.ports.map((port) => port.hostPort));
    yield violation(at(pod, "containers"), `nested ${third.map((ports) => `[${ports.map((port) => `${port}`).join(" ")}]`).join("")}`);
    if (third.some((ports, index) => ports.length > index && ports.includes(80))) yield violation(at(pod, "containers"), "nested 80");
    const words = ["plain", ...places.filter((place) => place !== "0"), pod.dnsPolicy === "None" ? "none" : "dns", ...places];
    yield violation(at(pod, "dnsPolicy"), `${words.length} words: ${words.join(" ")}`);
    const all = [...places, ...words.filter((word, index) => index > 1 && !places.includes(word)), ...places.map((place) => `<${place}>`)];
    yield violation(at(pod, "dnsPolicy"), `all ${all.join("")}`);
    yield violation(at(workload, "owners"), `${workload.owners.map((owner) => `=${show(owner.kind)}`).join(", ")};`);
    const kinds = [workload.kind, ...workload.owners.filter((owner) => owner.controller).map((owner) => owner.kind)];
    if (kinds.includes("DaemonSet") || kinds.filter((kind) => kind.startsWith("D")).length > 1) {
      yield violation(at(workload, "kind"), `${kinds.length} kinds, ${kinds.filter((kind) => kind === "Job").length} jobs`);
    }
    for (const [n, name] of words.filter((word) => word !== "plain").entries()) {
      if (n > 2 || places.includes(name)) yield violation(at(pod, "containers", n), `word ${n} ${name}`);
    }
    for (const [c, container] of pod.containers.filter((each) => each.ports.length > 0).entries()) {
      const own = published(container);
      const doubled = own.filter((port, p) => own.some((other, o) => o < p && other === port));
      const shifted = own.map((port) => own.filter((other) => other < port).length - own.filter((other) => other > port).length);
      yield violation(at(container, "ports"), `${c}: ${own.length} published, ${doubled.length} twice, ${sum(own)} ${shifted.map((each) => `${each}`).join("|")}`);
      if (own.length === 0 || sum([...own, 1, -2]) <= 80) yield violation(at(container, "ports"), `${c}: little`);
      const ports = container.ports.filter((port, p) => p > 0 && port.protocol === "TCP").map((port, p) => port.containerPort * 2 - p);
      yield violation(at(container, "ports"), `${c}: twice ${ports.map((port) => `${port}`).join(" ")}`);
      const everyone = pod.containers.map(() => "x");
      const lone = container.args.map((_, index) => `${index}`);
      yield violation(at(container, "args"), `${c}: ${everyone.join("")} ${lone.join("")} ${[1, 2, 3].includes(own.length) ? "1-3" : "0"}`);
    }
  },
});
