/** What an engine does not know is left out of the rule, finding by finding, and said to be left out. */
import { describe, expect, test } from "vitest";
import { celEvaluator } from "../../test/executors/cel.js";
import { compileSources, ruleWith } from "../frontend/fixtures/snippets.js";
import { descriptionIn, isExpressible, knownTo } from "../targets/known.js";
import { constraintTemplate } from "../targets/gatekeeper-template.js";
import { libraryFiles } from "../targets/library.js";

const own = 'if (pod.hostPID) yield violation(at(pod, "hostPID"), "own");';
const others = 'if (cluster.workloads.length > 1) yield violation(at(pod, "hostNetwork"), "others");';
const both = 'const crowded = cluster.workloads.length > 1; if (pod.hostPID) yield violation(at(pod, "hostPID"), "own"); else if (crowded) yield violation(at(pod, "hostNetwork"), "others");';

const saying = 'yield violation(at(pod, "hostPID"), `one of ${cluster.workloads.length}`); yield violation(at(pod, "hostIPC"), "own");';
const looping = 'for (const each of cluster.workloads) if (each.pod.hostPID) yield violation(at(pod, "hostPID"), "like another"); yield violation(at(pod, "hostIPC"), "own");';

const withoutOwn = (body: string): string => ruleWith(body).replace(/^ *if \(params.*\n/m, "").replace(/export interface Params \{.*?\n\}/s, "").replace("<Params>", "").replace("}, params)", "})");

const [plain, mixed, entangled, said, looped, foreign, update] = compileSources([
  ruleWith(own),
  ruleWith(`${own}\n${others}`),
  ruleWith(both),
  ruleWith(saying),
  ruleWith(looping),
  withoutOwn(others),
  withoutOwn('if (pod.hostPID && !oldPod.hostPID) yield violation(at(pod, "hostPID"), "on");'),
]);

const object = { apiVersion: "v1", kind: "Pod", metadata: { name: "a" }, spec: { hostPID: true } };
const request = { object, inventory: [object, { ...object, metadata: { name: "b" } }] };

describe("a rule of which one finding needs the cluster", () => {
  test("is whole where the cluster is known", () => {
    expect(mixed?.needs).toEqual(["inventory"]);
    expect(mixed?.expressible(knownTo["validating-policy"])).toBe("whole");
    expect(mixed && celEvaluator(mixed.cel({}))(request)).toBe("own; others");
  });

  test("keeps the other finding where it is not, and says what is missing", () => {
    expect(mixed?.expressible(knownTo["admission-policy"])).toBe("part");
    const cel = mixed?.cel({}, knownTo["admission-policy"]);
    expect(JSON.stringify(cel)).not.toContain("resource.List");
    expect(cel && celEvaluator(cel)(request)).toBe("own");
    expect(mixed && descriptionIn(mixed, "admission-policy")).toMatch(/\nThis form of the rule leaves out what needs other objects of the cluster\.$/);
    expect(mixed && descriptionIn(mixed, "validating-policy")).not.toContain("leaves out");
  });

  test("has no CEL in its ConstraintTemplate, which would be silent where the Rego is not", () => {
    const engines = (rule: typeof mixed): string => JSON.stringify(rule && constraintTemplate(rule));
    expect(engines(mixed)).not.toContain("K8sNativeValidation");
    expect(engines(mixed)).toContain("requires-sync-data");
    expect(engines(plain)).toContain("K8sNativeValidation");
    expect(engines(plain)).not.toContain("requires-sync-data");
  });
});

test("a finding behind a condition that is not known is left out with it", () => {
  const cel = entangled?.cel({}, knownTo["admission-policy"]);
  expect(cel && celEvaluator(cel)({ object: { ...object, spec: {} }, inventory: request.inventory })).toBe("");
  expect(cel && celEvaluator(cel)(request)).toBe("own");
});

test("a finding that says what is not known is left out", () => {
  expect(said && celEvaluator(said.cel({}))(request)).toBe("one of 2; own");
  expect(said && celEvaluator(said.cel({}, knownTo["admission-policy"]))({ object, inventory: [] })).toBe("own");
});

test("a finding for each of a list that is not known is left out", () => {
  const cel = looped?.cel({}, knownTo["admission-policy"]);
  expect(cel && celEvaluator(cel)(request)).toBe("own");
});

test("a rule of which nothing is left has no files in that form", () => {
  if (foreign === undefined || update === undefined) throw new Error("a rule is missing");
  expect(foreign.expressible(knownTo["admission-policy"])).toBe("none");
  expect(() => foreign.cel({}, knownTo["admission-policy"])).toThrow("nothing of");
  const files = [...libraryFiles([foreign, update], () => [], "rules/").keys()];
  const of = (id: string, folder: string): string[] => files.filter((path) => path.startsWith(`${folder}/${id}/`));
  expect(of(foreign.meta.id, "admission-policy")).toEqual([]);
  expect(of(foreign.meta.id, "kyverno").filter((path) => path.includes("cluster-policy"))).toEqual([]);
  expect(of(foreign.meta.id, "kyverno")).toContain(`kyverno/${foreign.meta.id}/role.yaml`);
  expect(of(foreign.meta.id, "gatekeeper")).toContain(`gatekeeper/${foreign.meta.id}/syncset.yaml`);
  // An old object is known to all of them.
  expect(of(update.meta.id, "admission-policy")).toHaveLength(3);
  expect(isExpressible(update, "gatekeeper-cel")).toBe(true);
});
