import { at, defineRule, runsOn, show, violation } from "./kit/index.js";

export interface Params {
  /**
   * Resources of which a container needs a request.
   * @maxItems 8
   * @default ["cpu", "memory"]
   */
  requests: string[];
  /**
   * Resources of which a container needs a limit.
   * @maxItems 8
   * @default ["memory"]
   */
  limits: string[];
}

/** Whether a quantity is there and not zero. */
function isSet(quantity: string): boolean {
  return !/^[+-]?[0]*[.]?[0]*([eE][+-]?[0-9]+|[A-Za-z]*)$/.test(quantity);
}

/**
 * A hostNetwork Pod is usually an agent that runs on every node beside everything else. Without a memory limit it can
 * take the node down, and without requests the scheduler places Pods where it leaves no room for them. A limit counts
 * as a request of the same amount, as in Kubernetes, and what the Pod as a whole sets counts for each container.
 */
export default defineRule<Params>({
  id: "host-network-resource-limits",
  title: "Containers of hostNetwork Pods bound what they take of the node",
  severity: "low",
  enforcement: "warn",
  *check({ pod }, params) {
    if (!pod.hostNetwork) return;
    for (const container of pod.containers) {
      if (!runsOn(container)) continue;
      const requests = params.requests.filter(
        (resource) =>
          !isSet(container.requests[resource] ?? "") &&
          !isSet(container.limits[resource] ?? "") &&
          !isSet(pod.requests[resource] ?? "") &&
          !isSet(pod.limits[resource] ?? ""),
      );
      const limits = params.limits.filter((resource) => !isSet(container.limits[resource] ?? "") && !isSet(pod.limits[resource] ?? ""));
      const missing = [...requests.map((resource) => `resources.requests.${resource}`), ...limits.map((resource) => `resources.limits.${resource}`)];
      if (missing.length > 0) {
        yield violation(
          at(container),
          `container "${show(container.name)}" of a hostNetwork Pod sets no ${show(missing.join(", "))}, so nothing bounds what it takes of the node that it shares; set them to what it needs`,
        );
      }
    }
  },
});
