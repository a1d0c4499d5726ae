import { describe, expect, it } from "vitest";
import { classify } from "./classify.js";
import { workloadKinds } from "../policies/kit/workload-kinds.js";

const podSpec = { hostNetwork: true, containers: [{ name: "a", image: "b" }] };
const object = (apiVersion: string, kind: string, rest: object): object => ({ apiVersion, kind, metadata: { name: "x" }, ...rest });

describe("classify", () => {
  it.each(workloadKinds.map((row) => [row.kind, row] as const))("knows the workload %s", (kind, row) => {
    const apiVersion = row.group === "" ? row.version : `${row.group}/${row.version}`;
    expect(classify(object(apiVersion, kind, {}))).toEqual({ kind: "workload", row });
  });
  it("knows a workload by its group, whatever the version", () => {
    expect(classify(object("apps/v1beta2", "Deployment", {})).kind).toBe("workload");
  });
  it.each<[string, string, object, string]>([
    ["apps.kruise.io/v1alpha1", "CloneSet", { spec: { template: { spec: podSpec } } }, "spec.template.spec"],
    ["argoproj.io/v1alpha1", "Rollout", { spec: { template: { spec: podSpec } } }, "spec.template.spec"],
    ["apps.openshift.io/v1", "DeploymentConfig", { spec: { template: { spec: podSpec } } }, "spec.template.spec"],
    ["extensions/v1beta1", "DaemonSet", { spec: { template: { spec: podSpec } } }, "spec.template.spec"],
    ["apps.kruise.io/v1beta1", "SidecarSet", { spec: { workloadTemplate: { cloneSet: { template: { spec: podSpec } } } } }, "spec.workloadTemplate.cloneSet.template.spec"],
    ["jobset.x-k8s.io/v1alpha2", "JobSet", { spec: { replicatedJobs: [{}, { template: { spec: { template: { spec: podSpec } } } }] } }, "spec.replicatedJobs[1].template.spec.template.spec"],
    ["work.open-cluster-management.io/v1", "ManifestWork", { spec: { workload: { manifests: [object("apps/v1", "Deployment", { spec: { template: { spec: podSpec } } })] } } }, "spec.workload.manifests[0].spec.template.spec"],
    ["monitoring.coreos.com/v1", "Prometheus", { spec: podSpec }, "spec"],
    ["x.io/v1", "OnlyNames", { spec: { template: { spec: { containers: [null, { name: "a" }] } } } }, "spec.template.spec"],
  ])("says that %s %s is not checked", (apiVersion, kind, rest, path) => {
    expect(classify(object(apiVersion, kind, rest))).toEqual({
      kind: "unchecked",
      why: `${apiVersion} ${kind} holds a pod template at ${path}, but is no kind that the rules know`,
    });
  });
  it.each<[string, unknown]>([
    ["null", null],
    ["a list", [object("v1", "X", { spec: podSpec })]],
    ["values of a chart, without a kind", { spec: podSpec }],
    ["a ConfigMap with YAML in it", object("v1", "ConfigMap", { data: { "pod.yaml": "spec:\n  containers:\n  - name: a\n" } })],
    ["a CustomResourceDefinition", object("apiextensions.k8s.io/v1", "CustomResourceDefinition", { spec: { example: { spec: podSpec } } })],
    ["a Kyverno policy", object("kyverno.io/v1", "ClusterPolicy", { spec: { rules: [{ validate: { pattern: { spec: podSpec } } }] } })],
    ["a ControllerRevision", object("apps/v1", "ControllerRevision", { data: { spec: { template: { spec: podSpec } } } })],
    ["a Service", object("v1", "Service", { spec: { ports: [{ name: "http", port: 80 }] } })],
    ["a spec whose containers are a mapping", object("x.io/v1", "X", { spec: { containers: { a: { image: "b" } } } })],
    ["a spec whose containers are names", object("x.io/v1", "X", { spec: { containers: ["a"] } })],
    ["containers outside a spec", object("metrics.k8s.io/v1beta1", "PodMetrics", { containers: [{ name: "a" }] })],
  ])("has nothing to say about %s", (_, value) => {
    expect(classify(value)).toEqual({ kind: "other" });
  });
});
