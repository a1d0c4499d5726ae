import { readFileSync } from "node:fs";
import { globSync } from "tinyglobby";
import { describe, expect, it, test } from "vitest";
import { loadCases } from "../test/cases.js";
import { misspelt } from "./fields.js";
import { readManifest } from "./read.js";
import { unknownKind } from "./unknown-kind.js";
import { typeErrors } from "./validate.js";
import { viewOf } from "./view.js";

const template = ["spec", "template"];
const deployment = (fields: object): unknown => ({ apiVersion: "apps/v1", kind: "Deployment", ...fields });
const pod = (spec: object, metadata: object = {}): unknown => deployment({ spec: { template: { metadata, spec } } });
const container = (fields: object): unknown => pod({ containers: [{ name: "a", ...fields }] });

describe("a name that is nearly that of a field", () => {
  it.each<[string, string, unknown]>([
    ["spec.template.spec.hostnetwork", 'spec.template.spec has no field "hostnetwork"; write hostNetwork', pod({ hostnetwork: true })],
    ["spec.template.spec.host-network", 'has no field "host-network"; write hostNetwork', pod({ "host-network": true })],
    ['spec.template.spec["hostNetwork "]', 'has no field "hostNetwork "; write hostNetwork', pod({ "hostNetwork ": true })],
    ["spec.template.spec.hostNetwok", "write hostNetwork", pod({ hostNetwok: true })],
    ["spec.template.spec.hostNetworkk", "write hostNetwork", pod({ hostNetworkk: true })],
    ["spec.template.spec.hostNetwirk", "write hostNetwork", pod({ hostNetwirk: true })],
    ["spec.template.spec.hsotNetwork", "write hostNetwork", pod({ hsotNetwork: true })],
    ["spec.template.spc", 'spec.template has no field "spc"; write spec', deployment({ spec: { template: { spc: {} } } })],
    ["Spec", 'the object has no field "Spec"; write spec', deployment({ Spec: {} })],
    ["spec.template.spec.containers[0].ports[0].hostport", "write hostPort", container({ ports: [{ hostport: 80 }] })],
    ["spec.template.spec.containers[0].livenessProbe.httpget", "write httpGet", container({ livenessProbe: { httpget: {} } })],
    ["spec.hostNetwork", 'spec has no field "hostNetwork"; it belongs beside containers', deployment({ spec: { hostNetwork: true } })],
    ["spec.template.spec.securityContext.hostNetwork", "it belongs beside containers", pod({ securityContext: { hostNetwork: true } })],
    ["template.spec.hostNetwork", "it belongs beside containers", deployment({ template: { spec: { hostNetwork: true } } })],
    ['spec.template.spec["// a \\"hostPID\\""]', 'has no field "// a \\"hostPID\\""', pod({ '// a "hostPID"': true })],
    ['spec.template.spec["h\u043estNetwork"]', 'has no field "h\\u043estNetwork"', pod({ "h\u043estNetwork": true })],
  ])("%s", (path, message, object) => {
    expect(misspelt(object, template)).toEqual([{ path, message: expect.stringContaining(message) as string }]);
  });
  it("is no other field of Kubernetes, no label, no directive of a patch, no anchor", () => {
    const labels = { hostnetwork: "true", "host-network": "true", спец: "x" };
    expect(misspelt(pod({ hostname: "a", hostUsers: true, hostAliases: [], $patch: "replace", "$setElementOrder/containers": [], nodeSelector: labels, containers: [{ resources: { limits: { CPU: 1 } }, port: 1 }] }, { labels, annotations: labels }), template)).toEqual([]);
    expect(misspelt(deployment({ "x-node": { hostNetwork: true } }), template)).toEqual([]);
    expect(misspelt(container({ ports: [{ hostIPs: [] }] }), template)).toEqual([]);
  });
  it("is no slip of a field that is there as well", () => {
    expect(misspelt(pod({ volume: [], volumes: [] }), template)).toEqual([]);
  });
});

describe("the kind of a workload", () => {
  it.each<[string, object, string | undefined, string?]>([
    ["Kubernetes' own", { apiVersion: "apps/v1", kind: "Deployment", spec: {} }, undefined],
    ["one of somebody else", { apiVersion: "batch.volcano.sh/v1alpha1", kind: "Job", spec: {} }, undefined],
    ["values of a chart", { kind: "DaemonSet", image: "a" }, undefined],
    ["a chart", { apiVersion: "v2", name: "a" }, undefined],
    ["nothing of Kubernetes", { metadata: {}, spec: {} }, undefined],
    ["no string", { apiVersion: "v1", kind: ["Pod"], spec: {} }, "kind", 'kind must be the name of a kind, but is ["Pod"]'],
    ["none", { apiVersion: "v1", metadata: {} }, "", "the object has no kind"],
    ["without apiVersion", { kind: "CronJob", spec: {} }, "", "this CronJob has no apiVersion; write apiVersion: batch/v1"],
    ["with an apiVersion that is no text", { apiVersion: 1, kind: "Pod", metadata: {} }, "", "this Pod has no apiVersion; write apiVersion: v1"],
    ["in another group of Kubernetes", { apiVersion: "v1", kind: "Deployment" }, "apiVersion", 'there is no Deployment in "v1"; write apiVersion: apps/v1'],
    ["in another case", { apiVersion: "apps/v1", kind: "daemonset" }, "kind", 'there is no kind "daemonset"; write kind: DaemonSet'],
    ["with a slip", { apiVersion: "apps/v1", kind: "Deploymnet", spec: {} }, "kind", 'there is no kind "Deploymnet" in apps/v1; write kind: Deployment'],
    ["with a letter of another script", { apiVersion: "v1", kind: "P\u043ed", spec: {} }, "kind", 'there is no kind "P\\u043ed" in v1'],
    ["under a name in another case", { apiVersion: "v1", Kind: "Pod" }, "Kind", '"Kind" is no field of the API; write kind'],
    ["another kind of its group", { apiVersion: "apps/v1", kind: "ControllerRevision", metadata: {} }, undefined],
    ["another kind", { apiVersion: "v1", kind: "ConfigMap", metadata: {} }, undefined],
  ])("%s", (_, object, path, message) => {
    expect(unknownKind({ ...object })).toEqual(path === undefined ? undefined : { path, message });
  });
});

test("nothing is refused of what API servers admit, nor of the library", () => {
  const admitted = loadCases().flatMap(({ offline, name, request }) => (offline === undefined ? [{ name, object: request.object }] : []));
  const files = globSync(["library/**/*.yaml", "policies/bundles/*.yaml"], { cwd: new URL("..", import.meta.url).pathname, absolute: true });
  const written = files.flatMap((file) => readManifest(readFileSync(file, "utf8"), file).documents.map(({ object }) => ({ name: file, object })));
  expect(admitted.length).toBeGreaterThan(400);
  expect(written.length).toBeGreaterThan(1000);
  // Cases that no API server admits are resources of the tests for Kyverno's command line as well.
  const podOf = (object: unknown): string => JSON.stringify(viewOf(object).pod);
  const refused = new Set(loadCases().flatMap(({ offline, request }) => (offline === undefined ? [] : [podOf(request.object)])));
  const isOffline = ({ name, object }: { name: string; object: unknown }): boolean => name.includes("/test/") || (name.includes("/resources/") && refused.has(podOf(object)));
  expect([...admitted, ...written.filter((each) => !isOffline(each))].filter(({ object }) => typeErrors(object).length > 0 || unknownKind(object) !== undefined)).toEqual([]);
});
