import { at, defineRule, violation } from "../../policies/kit/index.js";

/** An `applies` that is looked at in the object itself: numbers, truth values and texts, asked for and ruled out, where they may be absent. */
export default defineRule({
  id: "gates",
  title: "What is looked at first",
  severity: "low",
  enforcement: "warn",
  exemptions: "none",
  applies: ({ workload, pod }) =>
    pod.hostNetwork === workload.replicas < 2 ||
    (pod.hostPID && !pod.osName.startsWith("win") && !pod.osName.endsWith("ux")) ||
    (pod.hostIPC && !(pod.osName.includes("n") || workload.suspend)) ||
    pod.containers.some((container) => container.source !== "containers" && container.args.some((text) => !text.includes("-") && text.startsWith("8"))),
  *check({ pod }) {
    yield violation(at(pod, "hostNetwork"), "of concern");
  },
});
