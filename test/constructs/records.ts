import { at, defineRule, show, violation, type Container, type Location, type Pod, type Port, type Protocol } from "../../policies/kit/index.js";

interface Socket {
  readonly port: number;
  readonly protocol: Protocol;
  readonly isOpen: boolean;
  readonly names: readonly string[];
}

interface Group {
  readonly title: string;
  readonly first: Socket;
  readonly all: readonly Socket[];
}

const sctp: Protocol = "SCTP";
const nowhere: Socket = { port: 0, protocol: "TCP", isOpen: false, names: [] };

function socketOf(pod: Pod, port: Port, names: readonly string[]): Socket {
  const taken = pod.hostNetwork && port.hostPort === 0 ? port.containerPort : port.hostPort;
  return { port: taken, protocol: port.protocol, isOpen: taken > 0 && port.hostIP === "0.0.0.0", names };
}

function sockets(pod: Pod, container: Container): Socket[] {
  const own = container.ports.map((port) => socketOf(pod, port, [container.name, ...container.args]));
  if (own.length === 0) return [{ port: -1, protocol: "UDP", isOpen: true, names: ["made up"] }];
  return [...own.filter((socket) => socket.isOpen), nowhere];
}

function groupOf(pod: Pod, container: Container, title: string): Group {
  const all = sockets(pod, container);
  return { title: `${title} of ${all.length}`, first: all[0] ?? nowhere, all };
}

/** The place of a group's first socket, as far as the container has it. */
function placeOf(container: Container, group: Group): Location {
  if (group.first.port < 0) return at(container, "ports");
  return group.first.isOpen ? at(container, "name") : at(container);
}

function sameSocket(one: Socket, other: Socket): boolean {
  return one.port === other.port && one.protocol === other.protocol && one.isOpen === other.isOpen;
}

/** Objects that helpers make, keep in each other and in lists, and take apart again. */
export default defineRule({
  id: "records",
  title: "Objects in every shape",
  severity: "low",
  enforcement: "warn",
  exemptions: "none",
  *check({ pod }) {
    const groups = pod.containers.map((container, c) => groupOf(pod, container, `group ${c}`));
    for (const [c, container] of pod.containers.entries()) {
      const group = groups[c] ?? { title: "lost", first: nowhere, all: [] };
      const open = group.all.filter((socket) => socket.isOpen).map((socket) => ({ label: `${socket.port}/${socket.protocol}`, words: socket.names.length }));
      yield violation(placeOf(container, group), `${c}: ${show(group.title)}, first ${group.first.port}/${show(group.first.protocol)} ${group.first.isOpen ? "open" : "shut"}, ${show(open.map((each) => `${each.label} ${each.words}`).join(", "))}`);
      const rivals = groups.filter((other, o) => o !== c && other.all.some((socket) => group.all.some((own) => sameSocket(own, socket) && own.names.includes("made up") === socket.names.includes("made up"))));
      if (rivals.length > 0) yield violation(at(container, "ports"), `${c}: like ${rivals.map((rival) => show(rival.title)).join(" and ")}`);
      for (const socket of [group.first, { port: c, protocol: sctp, isOpen: c > 0, names: ["n"] }, ...group.all]) {
        if (socket.names.some((name) => name.startsWith("m") || name === "n") && (socket.isOpen || socket.port > 0)) continue;
        if (socket.port > 0) yield violation(at(container, "ports"), `${c}: shut ${socket.port}`);
      }
    }
  },
});
