import { at, defineRule, sum, toInteger, violation } from "../../policies/kit/index.js";

export interface Params {
  /** @default 65535 */
  factor: number;
  /**
   * @minimum -9007199254740990
   * @maximum 9007199254740990
   * @default 1000000000000000
   */
  total: number;
  /**
   * @maxItems 4
   * @default [2147483647, 2147483647, -1]
   */
  numbers: number[];
}

/** Numbers at the ends of 32 bits, which is as far as Rego's format_int goes in wasm, and of 2^53, which is as far as doubles count. */
export default defineRule<Params>({
  id: "numbers",
  title: "Numbers at the ends of what engines count",
  severity: "low",
  enforcement: "warn",
  exemptions: "none",
  *check({ workload, pod }, params) {
    yield violation(at(workload, "replicas"), `replicas ${workload.replicas} less ${params.total} is ${(workload.replicas - params.factor) * 1024}, ${params.total - 1} or ${params.total + 1}`);
    yield violation(at(pod, "osName"), `sum ${sum(params.numbers)} of ${params.numbers.map((number) => `${number * 65_535}`).join(", ")}; ${params.factor * 0} of nothing; ${-2_147_483_647 - 1} is the least`);
    // Of these products nothing but their order is the same everywhere.
    if (params.factor * params.factor > 1_000_000_000 || workload.replicas * params.factor === params.factor) yield violation(at(pod, "hostPID"), "a product is large, or of one");
    for (const container of pod.containers) {
      for (const [index, word] of container.args.entries()) {
        const read = toInteger(word, params.factor);
        if (read * workload.replicas < 100 && read !== params.factor) yield violation(at(container, "args", index), `argument ${read * 100} of container ${container.ports.length}`);
      }
    }
  },
});
