import { describe, expect, it } from "vitest";
import { typeErrors } from "./validate.js";

const pod = (spec: unknown, metadata: unknown = { name: "a" }): object => ({ apiVersion: "v1", kind: "Pod", metadata, spec });
const container = (fields: object): object => pod({ containers: [{ name: "a", ...fields }] });

describe("typeErrors", () => {
  it.each<[string, string, object]>([
    ["spec.hostNetwork", 'must be a boolean, but is the text "true"; write hostNetwork: true without quotes', pod({ hostNetwork: "true" })],
    ["spec.hostNetwork", 'must be a boolean, but is the text "yes"', pod({ hostNetwork: "yes" })],
    ["spec.hostPID", "must be a boolean, but is the number 1", pod({ hostPID: 1 })],
    ["spec.dnsPolicy", 'must be a text, but is the boolean false; write dnsPolicy: "false" in quotes', pod({ dnsPolicy: false })],
    ["spec.nodeSelector", "must be a mapping, but is a list", pod({ nodeSelector: [] })],
    ["spec.nodeSelector.gpu", 'must be a text, but is the boolean true; write gpu: "true" in quotes', pod({ nodeSelector: { gpu: true } })],
    ['spec.nodeSelector["a/b"]', 'must be a text, but is the number 1; write "1" in quotes', pod({ nodeSelector: { "a/b": 1 } })],
    ["spec.os", 'must be a mapping, but is the text "linux"', pod({ os: "linux" })],
    ["spec", "must be a mapping, but is a list", pod([])],
    ["metadata", 'must be a mapping, but is the text "x"', pod({}, "x")],
    ["metadata.name", 'must be a text, but is the number 5; write name: "5" in quotes', pod({}, { name: 5 })],
    ["metadata.ownerReferences[0].controller", 'must be a boolean, but is the text "true"; write controller: true without quotes', pod({}, { ownerReferences: [{ controller: "true" }] })],
    ["spec.containers", "must be a list, but is a mapping; put - before each element", pod({ containers: { name: "a" } })],
    ["spec.containers[1]", 'must be a mapping, but is the text "a"', pod({ containers: [{}, "a"] })],
    ["spec.initContainers[0].image", "must be a text, but is a list", pod({ initContainers: [{ image: [] }] })],
    ["spec.ephemeralContainers", 'must be a list, but is the text "x"; write ephemeralContainers: ["x"]', pod({ ephemeralContainers: "x" })],
    ["spec.containers[0].args[1]", 'must be a text, but is the number 8080; write "8080" in quotes', container({ args: ["--port", 8080] })],
    ["spec.containers[0].args", 'must be a list, but is the text "--port=80"; write args: ["--port=80"]', container({ args: "--port=80" })],
    ["spec.containers[0].env[0].value", 'must be a text, but is the boolean true; write value: "true" in quotes', container({ env: [{ name: "A", value: true }] })],
    ["spec.containers[0].env[0].value", "must be a text, but is a mapping", container({ env: [{ name: "A", value: {} }] })],
    ["spec.containers[0].ports[0].containerPort", 'must be a whole number, but is the text "80"; write containerPort: 80 without quotes', container({ ports: [{ containerPort: "80" }] })],
    ["spec.containers[0].ports[0].containerPort", 'must be a whole number, but is the text "http"', container({ ports: [{ containerPort: "http" }] })],
    ["spec.containers[0].ports[0].hostPort", "must be a whole number, but is the number 80.5", container({ ports: [{ hostPort: 80.5 }] })],
    ["spec.containers[0].ports[0].hostPort", "must be a whole number, but is the boolean true", container({ ports: [{ hostPort: true }] })],
    ["spec.containers[0].ports[0].hostPort", "must be a number of 0 to 65535, but is 65536", container({ ports: [{ hostPort: 65_536 }] })],
    ["spec.containers[0].ports[0].hostPort", "must be a number of 0 to 65535, but is -2147483649", container({ ports: [{ hostPort: -2147483649 }] })],
    ["spec.containers[0].ports[0].containerPort", "must be a number of 1 to 65535, but is 0", container({ ports: [{ containerPort: 0 }] })],
    ["spec.containers[0].ports[0].containerPort", "must be a number of 1 to 65535, but is 65536", container({ ports: [{ containerPort: 65_536 }] })],
    ["spec.containers[0].ports[0].containerPort", 'must be a whole number, but is the text "0x50"', container({ ports: [{ containerPort: "0x50" }] })],
    ["spec.containers[0].ports[0].protocol", "must be a text, but is the number 6; write protocol: \"6\" in quotes", container({ ports: [{ protocol: 6 }] })],
    ["spec.containers[0].livenessProbe", "must be a mapping, but is a list", container({ livenessProbe: [] })],
    ["spec.containers[0].readinessProbe.tcpSocket", "must be a mapping, but is the number 80", container({ readinessProbe: { tcpSocket: 80 } })],
    ["spec.containers[0].startupProbe.httpGet.port", "must be a whole number, but is the number 80.5", container({ startupProbe: { httpGet: { port: 80.5 } } })],
    ["spec.containers[0].livenessProbe.httpGet.port", "must be a number of 1 to 65535, but is 2147483648", container({ livenessProbe: { httpGet: { port: 2147483648 } } })],
    ["spec.containers[0].livenessProbe.grpc.port", "must be a number of 1 to 65535, but is 0", container({ livenessProbe: { grpc: { port: 0 } } })],
    ["spec.containers[0].livenessProbe.httpGet.port", 'must be a whole number, but is the text "8080"; write port: 8080 without quotes', container({ livenessProbe: { httpGet: { port: "8080" } } })],
    ["spec.containers[0].livenessProbe.httpGet.port", 'must be a text, but is the boolean true; write port: "true" in quotes', container({ livenessProbe: { httpGet: { port: true } } })],
    ["spec.containers[0].livenessProbe.httpGet.host", 'must be a text, but is the number 1; write host: "1" in quotes', container({ livenessProbe: { httpGet: { port: "http", host: 1 } } })],
    ["spec.containers[0].resources.limits", 'must be a mapping, but is the text "1Gi"', container({ resources: { limits: "1Gi" } })],
    ["spec.containers[0].resources.requests.cpu", "must be a quantity such as 500m, 0.5 or 64Mi, but is a mapping", container({ resources: { requests: { cpu: {} } } })],
    ...["", "1k i", "1ki", "64MiB", "0x40", "1e", ".", "--1", "1_000", "${CPU}", "1.5.0"].map((cpu): [string, string, object] => ["spec.containers[0].resources.requests.cpu", `must be a quantity such as 500m, 0.5 or 64Mi, but is the text ${JSON.stringify(cpu)}`, container({ resources: { requests: { cpu } } })]),
    ...["-1", "-0.5Gi", "-1e3", -1, -0.5, -1e-9].map((cpu): [string, string, object] => ["spec.containers[0].resources.requests.cpu", `must not be negative, but is ${String(cpu)}`, container({ resources: { requests: { cpu } } })]),
    ['spec.containers[0].resources.limits["example.com/gpu"]', 'must be a quantity such as 500m, 0.5 or 64Mi, but is the boolean true', container({ resources: { limits: { "example.com/gpu": true } } })],
    ["spec.resources.limits", "must be a mapping, but is a list", pod({ resources: { limits: [] } })],
    ["spec.containers[0].volumeMounts[0].readOnly", 'must be a boolean, but is the text "true"; write readOnly: true without quotes', container({ volumeMounts: [{ readOnly: "true" }] })],
    ["spec.volumes[0].hostPath", 'must be a mapping, but is the text "/etc"', pod({ volumes: [{ name: "a", hostPath: "/etc" }] })],
    ["spec.containers[0].name", `must be a text, but is the number 1; write name: "1" in quotes`, container({ name: 1 })],
  ])("%s %s", (path, message, object) => {
    expect(typeErrors(object)).toMatchObject([{ path, message: `${path} ${message}` }]);
  });

  it("says of a value that has its type that rules can be asked about it", () => {
    const typed = (fields: object): (true | undefined)[] => typeErrors(container(fields)).map(({ isTyped }) => isTyped);
    expect(typed({ ports: [{ containerPort: 70_000, hostPort: -1 }], livenessProbe: { httpGet: { port: "8080" } }, resources: { limits: { cpu: "64MiB", memory: -1 } } })).toEqual([true, true, true, true, true]);
    expect(typed({ ports: [{ containerPort: 80.5, hostPort: 2 ** 31 }, { containerPort: "80" }], livenessProbe: { httpGet: { port: true } }, resources: { limits: { cpu: {} } } })).toEqual(Array.from({ length: 5 }));
  });
  it("gives paths from the root of the object", () => {
    const template = { spec: { containers: [{ ports: [{ containerPort: "x" }] }] } };
    const path = (kind: string, apiVersion: string, spec: unknown): string[] => typeErrors({ apiVersion, kind, spec }).map((problem) => problem.path);
    expect(path("Deployment", "apps/v1", { template })).toEqual(["spec.template.spec.containers[0].ports[0].containerPort"]);
    expect(path("CronJob", "batch/v1", { jobTemplate: { spec: { template } } })).toEqual(["spec.jobTemplate.spec.template.spec.containers[0].ports[0].containerPort"]);
    expect(path("Deployment", "apps/v1", { template: [] })).toEqual(["spec.template"]);
    expect(path("Deployment", "apps/v1", 1)).toEqual(["spec"]);
  });
  it("looks at what stands beside the pod template", () => {
    const deployment = { apiVersion: "apps/v1", kind: "Deployment", spec: { replicas: "3", strategy: { rollingUpdate: { maxUnavailable: 1.5, maxSurge: [] } } } };
    expect(typeErrors(deployment).map((problem) => problem.message)).toEqual([
      "spec.replicas must be a whole number, but is the text \"3\"; write replicas: 3 without quotes",
      "spec.strategy.rollingUpdate.maxUnavailable must be a whole number, but is the number 1.5",
      "spec.strategy.rollingUpdate.maxSurge must be a text, but is a list",
    ]);
  });
  it("reports every problem, each once", () => {
    expect(typeErrors(pod({ hostNetwork: "a", hostPID: "b", containers: 5 }, 1)).map((problem) => problem.path)).toEqual([
      "metadata", "spec.hostNetwork", "spec.hostPID", "spec.containers",
    ]);
  });
  it("shortens long values and escapes control characters", () => {
    const [problem] = typeErrors(pod({ hostNetwork: `\n${"x".repeat(200)}` }));
    expect(problem?.message).toBe(`spec.hostNetwork must be a boolean, but is the text "\\n${"x".repeat(59)}…"`);
  });
  it.each<[string, unknown]>([
    ["a Pod that is right", pod({ hostNetwork: true, nodeSelector: { a: "b" }, containers: [{ name: "a", args: ["x"], ports: [{ containerPort: 65_535, hostPort: 0 }, { containerPort: 1, hostPort: 65_535 }] }] })],
    ["nulls, which mean absent", { ...pod({ hostNetwork: null, nodeSelector: { a: null }, os: null, containers: [null, { args: [null], ports: null, env: [null] }] }, null) }],
    ["fields that no rule reads", pod({ containers: [{ volumeDevices: 5 }], unknown: 1 })],
    ["a pod template of a kind that is no workload", { apiVersion: "x.io/v1", kind: "X", spec: { hostNetwork: "yes" } }],
    ["ports of probes as numbers and as names", container({ livenessProbe: { httpGet: { port: 8080 } }, readinessProbe: { tcpSocket: { port: "http" } }, startupProbe: { exec: { command: ["true"] } } })],
    ["quantities as texts and as numbers", { ...pod({ resources: { limits: { cpu: 1.5 } }, containers: [{ resources: { requests: { cpu: 0.5, memory: "64Mi" }, limits: { cpu: null } } }] }) }],
    ["every way to write a quantity", container({ resources: { limits: Object.fromEntries(["1e3", "100m", "0.5Gi", "+1", "1E", "1Ei", "1E-9", "1e+3", ".5", "1.", "00", "-0", "-0m", "-.0", " 1 ", "123456789012345678901234567890Ei", 0, -0, 1e21, 1.5e-7, 2 ** 53].map((amount, at) => [String(at), amount])) } })],
    ["a strategy in numbers and in percent", { apiVersion: "apps/v1", kind: "Deployment", spec: { replicas: 3, strategy: { rollingUpdate: { maxUnavailable: 0, maxSurge: "25%" } } } }],
    ["what is no Kubernetes object", { metadata: 5 }],
    ["null", null],
  ])("accepts %s", (_, object) => {
    expect(typeErrors(object)).toEqual([]);
  });
  it("looks at the metadata of any Kubernetes object", () => {
    expect(typeErrors({ apiVersion: "v1", kind: "Service", metadata: { name: 1 } }).map((problem) => problem.path)).toEqual(["metadata.name"]);
  });
  it.each<[string, readonly string[], string, string, object]>([
    ["a Namespace", ["metadata.name", "metadata.labels.a"], "v1", "Namespace", { metadata: { name: 1, labels: { a: true } } }],
    ["its labels", ["metadata.labels"], "v1", "Namespace", { metadata: { labels: "a" } }],
    ["a NetworkPolicy", ["metadata.namespace", "spec.podSelector.matchLabels.a"], "networking.k8s.io/v1", "NetworkPolicy", { metadata: { namespace: [] }, spec: { podSelector: { matchLabels: { a: 1 } } } }],
    ["its selector", ["spec.podSelector"], "networking.k8s.io/v1", "NetworkPolicy", { spec: { podSelector: [] } }],
    ["its expressions", ["spec.podSelector.matchExpressions"], "networking.k8s.io/v1", "NetworkPolicy", { spec: { podSelector: { matchExpressions: {} } } }],
    [
      "what they hold",
      ["key", "operator", "values[1]"].map((path) => `spec.podSelector.matchExpressions[0].${path}`),
      "networking.k8s.io/v1",
      "NetworkPolicy",
      { spec: { podSelector: { matchExpressions: [{ key: 1, operator: false, values: ["a", 2] }] } } },
    ],
    ["nothing that no rule reads", [], "networking.k8s.io/v1", "NetworkPolicy", { metadata: null, spec: { replicas: "a", podSelector: { matchLabels: null }, ingress: 5 } }],
  ])("looks at %s", (_, paths, apiVersion, kind, fields) => {
    expect(typeErrors({ apiVersion, kind, ...fields }).map((problem) => problem.path)).toEqual(paths);
  });
});
