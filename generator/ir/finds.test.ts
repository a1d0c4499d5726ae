/** When a mutation is made, for rules of every shape: the condition is the rule's own code, cut down to one field. */
import { describe, expect, test } from "vitest";
import { celMutator } from "../../test/executors/cel.js";
import type { CompiledRule } from "../compiled.js";
import { compileSources, ID } from "../frontend/fixtures/snippets.js";

interface Shape {
  readonly name: string;
  readonly body: string;
  readonly fields?: string;
  readonly beside?: string;
  /** Pod specs whose hostPID becomes false, and such that stay. */
  readonly made: readonly object[];
  readonly left: readonly object[];
  /** Whether JMESPath can say it. */
  readonly jmespath: boolean;
  readonly parameters?: Readonly<Record<string, unknown>>;
}

const on = { hostPID: true };
const found = 'yield violation(at(pod, "hostPID"), "found");';
const containers = (...names: string[]): object => ({ containers: names.map((name) => ({ name })) });

const shapes: readonly Shape[] = [
  { name: "a condition", body: `if (pod.hostPID) ${found}`, made: [on, { ...on, hostIPC: true }], left: [{}, { hostPID: null }], jmespath: true },
  { name: "an early return", body: `if (pod.hostIPC || pod.dnsPolicy !== "Default") return; if (pod.hostPID) ${found}`, made: [{ ...on, dnsPolicy: "Default" }], left: [on, { ...on, dnsPolicy: "Default", hostIPC: true }], jmespath: true },
  { name: "a choice", body: `if (pod.hostIPC ? pod.hostPID : pod.hostNetwork) ${found}`, made: [{ ...on, hostIPC: true }], left: [{ ...on, hostIPC: false }, { ...on, hostNetwork: true }], jmespath: true },
  { name: "an entry of a map", body: `if (pod.hostPID && (pod.nodeSelector["a"] ?? "") === "b") ${found}`, made: [{ ...on, nodeSelector: { a: "b" } }], left: [on, { ...on, nodeSelector: { a: null } }], jmespath: true },
  { name: "parts of a text", body: `if (pod.hostPID && pod.osName.startsWith("w") && !pod.osName.endsWith("x") && pod.osName.includes("n")) ${found}`, made: [{ ...on, os: { name: "windows" } }], left: [on, { ...on, os: { name: "wnx" } }], jmespath: true },
  { name: "a parameter", body: `if (pod.hostPID && params.names.includes(pod.osName)) ${found}`, parameters: { names: ["linux"] }, made: [{ ...on, os: { name: "linux" } }], left: [on], jmespath: true },
  { name: "a helper and a constant", beside: 'const names = ["a", "b"];\nfunction isBad(p: Pod, name: string): boolean { const all = [...names, "c"].filter((each) => each !== "b"); return p.hostPID && all.includes(name); }', body: `if (isBad(pod, pod.osName)) ${found}`, made: [{ ...on, os: { name: "a" } }], left: [on, { ...on, os: { name: "b" } }], jmespath: false },
  { name: "a helper used twice with names of its own", beside: "function longest(names: readonly string[], other: string): boolean { const name = names[0] ?? other; return name !== other && names.some((each) => each === name); }", body: `const name = pod.osName; if (pod.hostPID && longest([name, "a"], "b") && longest([pod.dnsPolicy], name)) ${found}`, made: [{ ...on, os: { name: "c" } }], left: [{ ...on, os: { name: "b" } }, { ...on, os: { name: "ClusterFirst" } }], jmespath: false },
  { name: "a loop with positions", body: `for (const [index, container] of pod.containers.entries()) if (pod.hostPID && index === 1 && container.name === "b") ${found}`, made: [{ ...on, ...containers("a", "b") }], left: [{ ...on, ...containers("b") }, { ...on, ...containers("b", "a") }], jmespath: false },
  { name: "a bound on a list", fields: "limits: { containers: 2 },", body: `if (pod.hostPID && pod.containers.every((container) => container.name === "a")) ${found}`, made: [{ ...on, ...containers("a", "a") }], left: [{ ...on, ...containers("a", "a", "a") }], jmespath: false },
  { name: "applies", fields: "applies: ({ pod }) => pod.hostNetwork,", body: `if (pod.hostPID) ${found}`, made: [{ ...on, hostNetwork: true }], left: [on], jmespath: true },
  { name: "findings at other fields", body: `if (pod.hostIPC) yield violation(at(pod, "hostIPC"), "b"); else if (pod.hostPID) ${found}`, made: [on], left: [{ ...on, hostIPC: true }], jmespath: true },
  { name: "a place that is chosen", body: `if (pod.hostPID) yield violation(pod.hostIPC ? at(pod, "hostIPC") : at(pod, "hostPID"), "found");`, made: [on], left: [{ ...on, hostIPC: true }], jmespath: true },
  { name: "a finding that stays with the new value", body: `if (pod.hostPID || pod.hostNetwork) ${found}`, made: [on], left: [{ ...on, hostNetwork: true }], jmespath: true },
  { name: "a value that no condition asks for", body: found, made: [], left: [on], jmespath: true },
];

function source({ body, fields = "", beside = "" }: Shape): string {
  return `import { at, defineRule, violation, type Pod } from "hostnetwork-policies";
${beside}
export interface Params {
  /**
   * @maxItems 4
   * @default []
   */
  names: string[];
}
/** Why. */
export default defineRule<Params>({
  id: "${ID}", title: "Title", severity: "low", enforcement: "warn",
  fix: { field: "Pod.hostPID", from: true, to: false, mutation: true },
  ${fields}
  *check({ pod }, params) {
    if (params.names.includes("never")) yield violation(at(pod, "hostNetwork"), "used");
    ${body}
  },
});
export type Used = Pod;
`;
}

const compiled = compileSources(shapes.map(source));

describe.each(shapes.map((shape, index) => ({ ...shape, rule: compiled[index] })))("$name", ({ rule, made, left, jmespath, parameters = {} }) => {
  const complete = { names: [], exempt: [], ...parameters };
  const mutation = (rule as CompiledRule).mutation; // one for each shape
  const mutate = (spec: object): unknown => {
    if (mutation === undefined) throw new Error("the rule has no mutation");
    return celMutator(mutation.cel(complete))({ object: pod(spec) });
  };

  test("decides about the mutation", () => {
    for (const spec of made) expect(mutate(spec)).toEqual(pod({ ...spec, hostPID: false }));
    for (const spec of left) expect(mutate(spec)).toEqual(pod(spec));
  });

  test(jmespath ? "can be said in JMESPath" : "cannot be said in JMESPath", () => {
    const conditions = mutation?.jmespath(complete, ["spec", "template"], true);
    expect(conditions === undefined).toBe(!jmespath);
  });
});

const pod = (spec: object): object => ({ apiVersion: "v1", kind: "Pod", metadata: { name: "a" }, spec });

test("exemptions are written in, and decide too", () => {
  const { mutation } = compiled[0] as CompiledRule; // there is one
  const mutate = celMutator(mutation?.cel({ names: [], exempt: [{ namespace: "kube-*" }, { serviceAccountName: "agent" }] }) ?? { variables: [], patch: "" });
  const inNamespace = (namespace: string, spec: object): object => ({ ...pod(spec), metadata: { name: "a", namespace } });
  expect(mutate({ object: inNamespace("shop", on) })).toEqual(inNamespace("shop", { hostPID: false }));
  expect(mutate({ object: inNamespace("kube-x", on) })).toEqual(inNamespace("kube-x", on));
  expect(mutate({ object: inNamespace("shop", { ...on, serviceAccountName: "agent" }) })).toEqual(inNamespace("shop", { ...on, serviceAccountName: "agent" }));
  expect(mutation?.jmespath({ names: [], exempt: [{ namespace: "kube-*" }] }, [], false)).toBeUndefined();
});

test("the conditions in JMESPath read as the rule does", () => {
  const { mutation } = compiled[1] as CompiledRule; // there is one
  expect(mutation?.jmespath({ names: [], exempt: [] }, ["spec", "template"], true)).toMatchInlineSnapshot(`
    [
      "request.operation != 'UPDATE' || ((request.object.spec.template.spec.dnsPolicy || 'ClusterFirst') != (request.oldObject.spec.template.spec.dnsPolicy || 'ClusterFirst') || (request.object.spec.template.spec.hostIPC || \`false\`) != (request.oldObject.spec.template.spec.hostIPC || \`false\`) || (request.object.spec.template.spec.hostPID || \`false\`) != (request.oldObject.spec.template.spec.hostPID || \`false\`))",
      "(request.object.metadata.deletionTimestamp || '') == ''",
      "length((request.object.metadata.ownerReferences || \`[]\`)[?controller]) == \`0\`",
      "(request.object.spec.template.spec || \`{}\`) != \`{}\`",
      "!(request.object.spec.template.spec.hostIPC || \`false\` || (request.object.spec.template.spec.dnsPolicy || 'ClusterFirst') != 'Default')",
      "request.object.spec.template.spec.hostPID || \`false\`",
      "(request.object.spec.template.spec.hostPID || \`false\`) == \`true\`",
    ]
  `);
  expect(mutation?.jmespath({ names: [], exempt: [] }, [], false)).toMatchInlineSnapshot(`
    [
      "(request.object.spec || \`{}\`) != \`{}\`",
      "!(request.object.spec.hostIPC || \`false\` || (request.object.spec.dnsPolicy || 'ClusterFirst') != 'Default')",
      "request.object.spec.hostPID || \`false\`",
      "(request.object.spec.hostPID || \`false\`) == \`true\`",
    ]
  `);
});

test("a text that Kyverno would take for something else cannot be said in JMESPath", () => {
  const { mutation } = compiled[5] as CompiledRule; // there is one
  for (const name of ["a{{b}}", "it's", "`", "a\\b", "$(A)", "é", "a\nb"]) expect(mutation?.jmespath({ names: [name], exempt: [] }, [], false), name).toBeUndefined();
  expect(mutation?.jmespath({ names: ["a b"], exempt: [] }, [], false)).toBeDefined();
});
