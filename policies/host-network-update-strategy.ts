import { at, defineRule, nodePort, runsOn, show, toInteger, trimSuffix, violation, type Pod } from "./kit/index.js";

/** Whether the Pods take ports of their nodes for as long as they run: only these keep a second Pod off the node. */
function keepsNodePorts(pod: Pod): boolean {
  return pod.containers.some((container) => runsOn(container) && container.ports.some((port) => nodePort(pod, container, port) > 0));
}

/** What a Deployment's strategy means where it says nothing. */
function orDefault(value: string): string {
  return value === "" ? "25%" : value;
}

/** Whether a number of Pods or a percentage of them, rounded down, is none. */
function roundsDownToNone(value: string, replicas: number): boolean {
  return value.endsWith("%") ? toInteger(trimSuffix(value, "%"), 0) * replicas < 100 : toInteger(value, 0) === 0;
}

/** Whether a number of Pods or a percentage of them, rounded up, is none. */
function roundsUpToNone(value: string, replicas: number): boolean {
  return value.endsWith("%") ? toInteger(trimSuffix(value, "%"), 0) * replicas === 0 : toInteger(value, 0) === 0;
}

/**
 * A port of a node is free for one Pod only. A rollout that starts the new Pod before it stops the old one leaves the
 * new one Pending ("didn't have free ports") unless there is a node without the port: it hangs. The default
 * strategy of a Deployment with up to three replicas is such a one.
 *
 * @source Kubernetes, the scheduler's plugin NodePorts: a Pod whose host ports are taken stays Pending ("didn't have
 *   free ports for the requested pod ports").
 * @source Kubernetes, pkg/controller/deployment/util, ResolveFenceposts: maxUnavailable is rounded down, maxSurge up,
 *   and where both are 0 one Pod may be unavailable.
 * @limitation How many nodes there are is not known: where one without the port is free, the rollout goes on.
 * @limitation Set to deny, it refuses a change of replicas of a Deployment that it reports as well, scaling down
 *   included.
 */
export default defineRule({
  id: "host-network-update-strategy",
  title: "Workloads with node ports stop the old Pod before they start the new one",
  severity: "medium",
  enforcement: "warn",
  applies: ({ pod }) => keepsNodePorts(pod),
  *check({ workload }) {
    if (workload.kind === "DaemonSet" && workload.updateStrategy === "RollingUpdate" && !roundsUpToNone(workload.updateMaxSurge, 100)) {
      yield violation(
        at(workload, "updateMaxSurge"),
        `maxSurge ${show(workload.updateMaxSurge)} of a DaemonSet with node ports starts a new Pod beside the old one, whose ports are taken, so the rollout hangs; set updateStrategy.rollingUpdate.maxSurge: 0 and maxUnavailable: 1`,
      );
    }
    if (workload.kind !== "Deployment" || workload.strategy !== "RollingUpdate" || workload.replicas === 0) return;
    const maxUnavailable = orDefault(workload.maxUnavailable);
    // Where both are none Kubernetes itself lets one Pod be unavailable.
    if (!roundsDownToNone(maxUnavailable, workload.replicas) || roundsUpToNone(orDefault(workload.maxSurge), workload.replicas)) return;
    yield violation(
      at(workload, "maxUnavailable"),
      `maxUnavailable ${show(maxUnavailable)} with replicas: ${workload.replicas} lets no old Pod stop first, so the Deployment starts a new Pod beside the old ones, and where no node is left without its node ports that Pod stays Pending and the rollout hangs; set strategy.rollingUpdate.maxUnavailable: 1 and maxSurge: 0, or strategy.type: Recreate`,
    );
  },
});
