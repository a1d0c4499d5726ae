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

/** What to call an entry that is missing; one that is written and zero is named as such. */
function describe(path: string, quantity: string): string {
  return quantity === "" ? path : `${path} (zero is none)`;
}

/** What comes of it. */
function describeEffect(lacksRequest: boolean, lacksLimit: boolean): string {
  if (!lacksLimit) return "the scheduler keeps no room for it on the node that it shares";
  if (!lacksRequest) return "nothing bounds what it takes of the node that it shares";
  return "the scheduler keeps no room for it on the node that it shares, and nothing bounds what it takes there";
}

/**
 * A hostNetwork Pod is usually an agent that runs on every node beside everything else. Without a memory limit it can
 * take the node down, and without requests the scheduler places Pods where it leaves no room for them. A limit counts
 * as a request of the same amount, as in Kubernetes, and what the Pod as a whole sets counts for each container.
 *
 * @source ACK, "Configure Pods to use host network": its example sets requests and limits of cpu and memory.
 * @source Kubernetes, Resource Management for Pods and Containers: a container without a memory limit can use all the
 *   memory of its node.
 * @limitation A LimitRange fills in what is missing on Pods only, so the template of a workload is reported all the
 *   same.
 */
export default defineRule<Params>({
  id: "host-network-resource-limits",
  title: "Containers of hostNetwork Pods bound what they take of the node",
  severity: "low",
  enforcement: "warn",
  applies: ({ pod }) => pod.hostNetwork,
  *check({ pod }, params) {
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
      const missing = [
        ...requests.map((resource) => describe(`resources.requests.${resource}`, container.requests[resource] ?? "")),
        ...limits.map((resource) => describe(`resources.limits.${resource}`, container.limits[resource] ?? "")),
      ];
      if (missing.length > 0) {
        yield violation(
          at(container),
          `container "${show(container.name)}" of a hostNetwork Pod sets no ${missing.map((entry) => show(entry)).join(", ")}, so ${describeEffect(requests.length > 0, limits.length > 0)}; set what it needs`,
        );
      }
    }
  },
});
