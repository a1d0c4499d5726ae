/**
 * What saves time finds the same: all rules at once through their definition (policy-test/sieve.ts) as each by itself in the wasm that
 * ships, and beside their neighbours only (policy-test/neighbours.ts) as beside the whole cluster.
 */
import { readFileSync } from "node:fs";
import fc, { type Arbitrary } from "fast-check";
import { describe, expect, test } from "vitest";
import { packageAssets, readWasmManifest } from "../policy-test/assets.js";
import { createChecker } from "../policy-test/check.js";
import { loadEngine, type Engine } from "../policy-test/engine.js";
import { identityOf, type KubernetesObject } from "../policy-test/identity.js";
import { indexNeighbours, neighboursOf } from "../policy-test/neighbours.js";
import { defaultSetting } from "../policy-test/rules.js";
import type { ReviewRequest } from "../manifest/run.js";
import { loadEvaluator, type RuleParameters } from "../wasm/evaluate.js";
import { loadCases } from "./cases.js";
import { compiledRule, compiledRules, completeParameters } from "./compiled.js";
import { requestsFor } from "./context-generators.js";
import { parametersArbitrary } from "./generators.js";

const assets = packageAssets();
const manifest = readWasmManifest(assets.manifest);
const evaluator = await loadEvaluator(readFileSync(assets.wasm), manifest);
const plain: Engine = (review, parameters) => evaluator.evaluate(review, parameters);
const quick = await loadEngine("wasm", assets, manifest);
const rules = manifest.rules.map((rule) => ({ ...rule, ...defaultSetting(rule), enforcement: rule.enforcement }));
const defaults: RuleParameters = Object.fromEntries(rules.map(({ id, parameters }) => [id, parameters]));

/** Parameters of every rule; of one rule random ones. */
const allParameters = (id: string): Arbitrary<RuleParameters> => parametersArbitrary(id).map((given) => ({ ...defaults, [id]: completeParameters(id, given) }));

describe("all rules at once, through their definition", () => {
  test("find in every case what the compiled rules find", () => {
    let found = 0;
    for (const { rule, request, parameters } of loadCases()) {
      const given = { ...defaults, [rule]: completeParameters(rule, parameters) };
      const expected = plain(request, given);
      expect(quick(request, given)).toEqual(expected);
      found += expected.length;
    }
    expect(found).toBeGreaterThan(500);
  });

  test.each(compiledRules.map(({ meta }) => meta.id))("find in random requests what the compiled rules find, with parameters of %s", (id) => {
    fc.assert(
      fc.property(requestsFor(compiledRule(id)), allParameters(id), (request, parameters) => {
        expect(quick(request, parameters)).toEqual(plain(request, parameters));
      }),
      { numRuns: 60 },
    );
  });
});

describe("beside neighbours only", () => {
  const inventories = ["host-network-shared-port", "host-network-network-policy"].map((id) => requestsFor(compiledRule(id)));
  const objectsArbitrary = fc.array(fc.oneof(...inventories), { minLength: 1, maxLength: 4 }).map((requests) => requests.flatMap(objectsOf));
  /** A cluster, each identity once; and a file, where an object may be another version of one of the cluster, or of one of the file. */
  const placesArbitrary = fc.tuple(objectsArbitrary, objectsArbitrary).map(([cluster, file]) => ({ inventory: [...new Map(cluster.map((object) => [identityOf(object) ?? object, object])).values()], file }));
  const counted = new Map<string, number>();

  test("a file of random objects has the findings that it has beside all of a cluster", () => {
    fc.assert(
      fc.property(placesArbitrary, ({ inventory, file }) => {
        const text = JSON.stringify({ apiVersion: "v1", kind: "List", items: file });
        const common = { rules, namespace: "default", inventory };
        const whole = createChecker({ ...common, engine: plain })(text, "file.json");
        expect(createChecker({ ...common, engine: quick, areOwn: true })(text, "file.json")).toEqual(whole);
        for (const { rule } of whole.findings) counted.set(rule, (counted.get(rule) ?? 0) + 1);
      }),
      { numRuns: 250 },
    );
    for (const id of ["host-network-shared-port", "host-network-network-policy", "host-network-pod-security"]) expect(counted.get(id) ?? 0, id).toBeGreaterThan(50);
  });

  test("an object has few of many", () => {
    const workload = (number: number): KubernetesObject => ({
      apiVersion: "apps/v1",
      kind: "DaemonSet",
      metadata: { name: `agent-${String(number)}`, namespace: `team-${String(number % 100)}` },
      spec: { template: { spec: { hostNetwork: true, containers: [{ name: "a", ports: [{ containerPort: 1024 + number }, { containerPort: 9100, hostPort: number % 250 === 0 ? 9100 : 2000 + number }] }] } } },
    });
    const cluster = Array.from({ length: 1000 }, (_, number) => workload(number));
    const near = neighboursOf(workload(500), indexNeighbours(cluster));
    expect(near.map((object) => identityOf(object))).toEqual(["apps/DaemonSet/team-0/agent-500", "apps/DaemonSet/team-0/agent-0", "apps/DaemonSet/team-50/agent-250", "apps/DaemonSet/team-50/agent-750"]);
  });
});

const isObject = (value: unknown): value is KubernetesObject => value !== null && typeof value === "object" && !Array.isArray(value);

function objectsOf({ object, inventory = [] }: ReviewRequest): KubernetesObject[] {
  return [object, ...inventory].filter(isObject);
}
