import { at, defineRule, matches, show, violation, type Matcher } from "../../policies/kit/index.js";

export interface Params {
  /**
   * @maxItems 3
   * @default [{ "name": "web-*" }]
   */
  wanted: Matcher[];
}

/** What stands around a rule: `applies`, exemptions, lower limits on the object's lists, and the review of an UPDATE. */
export default defineRule<Params>({
  id: "frame",
  title: "What stands around a rule",
  severity: "high",
  enforcement: "deny",
  limits: { containers: 2, ports: 3, env: 1, arguments: 2 },
  applies: ({ workload, pod }) => workload.namespace !== "kube-system" && (pod.hostNetwork || pod.containers.some((container) => container.args.length > 1)),
  *check(review, { wanted }) {
    if (wanted.some((entry) => matches(review.workload, review.pod, entry))) yield violation(at(review.pod, "hostNetwork"), `wanted by one of ${wanted.length}`);
    for (const [c, container] of review.pod.containers.entries()) {
      const size = container.ports.length + container.env.length * 10 + container.args.length * 100;
      // The names as well: beyond a bound CEL compares a list as it is, and so reviews an UPDATE that changes anything in it.
      yield violation(at(container), `${c} ${size} ${show(container.ports.map((port) => port.name).join(" "))}`);
    }
  },
});
