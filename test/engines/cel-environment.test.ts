/**
 * The emitted CEL in Kubernetes' own environments (engines/cel-check): it compiles from 1.30 on, gives the expected
 * text on every case, and stays below the budget on large objects with parameter lists at their bounds. Rules of which the
 * API server's CEL can say nothing, because they look at the cluster, are none of it.
 */
import { execFileSync } from "node:child_process";
import { describe, expect, test } from "vitest";
import { requireEngine } from "../../engines/index.js";
import { isObject } from "../../generator/schema/json.js";
import { messageText, type Parameters } from "../../manifest/run.js";
import { rules } from "../../policies/index.js";
import type { Limits } from "../../policies/kit/index.js";
import { defaultLimits } from "../../policies/kit/view.js";
import { reservedPorts } from "../../policies/data/reserved-ports.js";
import { loadCases } from "../cases.js";
import { isExpressible, knownTo } from "../../generator/targets/known.js";
import { namespaceIn, viewOf } from "../../manifest/view.js";
import { compiledRule, compiledRules } from "../compiled.js";
import { largestValue } from "../schema-values.js";

/** The oldest environment the CEL must compile in, and the newest there is. */
const VERSIONS = ["1.30", "1.36"];

/** Cost of one evaluation of condition and variables; Gatekeeper allows twice as much for condition and message together. */
const BUDGET_PER_PASS = 500_000;

interface Request {
  readonly name: string;
  readonly operation: string;
  readonly object: unknown;
  readonly oldObject?: unknown;
  readonly namespaceObject?: unknown;
  readonly parameters?: Parameters;
}

const FORM = "admission-policy";
const checked = compiledRules.filter((rule) => isExpressible(rule, FORM));

interface Report {
  readonly id: string;
  readonly version: string;
  readonly errors: readonly string[];
  readonly results: readonly { readonly name: string; readonly text: string; readonly error?: string; readonly cost: number }[];
}

const repeat = <T>(count: number, element: (index: number) => T): T[] => Array.from({ length: count }, (_, index) => element(index));

/** What each container of a large object has. */
interface Size {
  readonly containers: number;
  readonly ports: number;
  readonly texts: number;
  readonly mounts: number;
  readonly volumes: number;
}

/** What stands in arguments and variables. */
interface Words {
  readonly argument: (index: number) => string;
  readonly value: (index: number) => string;
}
const plain: Words = { argument: (index) => `--flag-${String(index)}=a/value/of/some/length`, value: () => "a value of some length" };
/** What the parameters below take for the address that a process listens on. */
const listening: Words = { argument: (index) => `--listen-${String(index % 64)}=[2001:db8::1]:${String(20_000 + index)}`, value: (index) => `192.0.2.1:${String(30_000 + index)}` };

/** A DaemonSet of so many containers with so many ports, variables, arguments and mounts each, and of so many volumes. */
function daemonSet({ containers, ports, texts, mounts, volumes }: Size, firstPort = 9000, words = plain): Parameters {
  const each = (container: number): object => ({
    name: `container-${String(container)}`,
    image: "registry.example.com/monitoring/agent:v1.2.3",
    args: repeat(texts, words.argument),
    command: repeat(texts, (index) => `word-${String(index)}`),
    env: repeat(texts, (index) => ({ name: `VARIABLE_${String(index)}`, value: words.value(index) })),
    ports: repeat(ports, (index) => ({ containerPort: firstPort + container * ports + index, protocol: "TCP" })),
    livenessProbe: { httpGet: { path: "/healthz", port: `port-${String(container)}`, host: "" } },
    readinessProbe: { tcpSocket: { port: 60_000 + container } },
    startupProbe: { grpc: { port: 61_000 + container } },
    // The last volumes: to find them takes longest.
    volumeMounts: repeat(mounts, (index) => ({ name: `volume-${String(volumes - 1 - (index % 16))}`, mountPath: `/host/${String(index)}`, mountPropagation: "None" })),
    resources: { requests: { cpu: 0, memory: "0Mi" }, limits: { cpu: "0", memory: "0.0" } },
  });
  const volume = (index: number): object => ({ name: `volume-${String(index)}`, hostPath: { path: `/etc/agent//directory-${String(index)}/` } });
  return {
    apiVersion: "apps/v1",
    kind: "DaemonSet",
    metadata: { name: "agent", namespace: "monitoring" },
    spec: { updateStrategy: { rollingUpdate: { maxSurge: "10%", maxUnavailable: 0 } }, template: { spec: { hostNetwork: true, hostPID: true, hostIPC: true, containers: repeat(containers, each), volumes: repeat(volumes, volume) } } },
  };
}

/** A Namespace that no pattern of a long list allows. */
const privilegedNamespace = {
  apiVersion: "v1",
  kind: "Namespace",
  metadata: { name: "a-name-of-some-length", labels: { "pod-security.kubernetes.io/enforce": "privileged" } },
};

/** Large objects for a rule with these bounds. */
function objectsFor(limits: Limits): Readonly<Record<string, Parameters>> {
  /** Every bound reached, by so many containers. */
  const full = (containers: number): Size => ({
    containers,
    ports: Math.floor(limits.ports / containers),
    texts: Math.floor(Math.min(limits.env, limits.arguments) / containers),
    mounts: Math.floor(limits.volumeMounts / containers),
    volumes: limits.volumes,
  });
  const most = limits.containers;
  return {
    "10 containers with 10 ports each": daemonSet({ containers: 10, ports: 10, texts: 10, mounts: 10, volumes: 16 }),
    "every bound reached, many containers": daemonSet(full(most)),
    "every bound reached, half as many containers": daemonSet(full(most / 2)),
    "every bound reached, one container": daemonSet(full(1)),
    "every port outside every range": daemonSet({ ...full(most), texts: 1 }, 40_000),
    "every text a listen address, many containers": daemonSet(full(most), 9000, listening),
    "every text a listen address, one container": daemonSet(full(1), 9000, listening),
    "just beyond every bound": daemonSet({ containers: most + 1, ports: 2, texts: 17, mounts: 8, volumes: limits.volumes }),
  };
}

const matchers = repeat(64, (index) => ({ namespace: "*", kind: "DaemonSet", name: `*other-${String(index)}` }));
const ranges = (start: number): object[] => repeat(32, (index) => ({ from: start + 2 * index, to: start + 2 * index + 1, protocol: "TCP", usedBy: "something else" }));
const profiles = [...new Set(reservedPorts.map((line) => line.profile))];
const listenOptions = { listenFlags: repeat(64, (index) => `--listen-${String(63 - index)}`), listenVariables: repeat(32, (index) => `VARIABLE_${String(index)}`), ignoreLoopback: true };
/** As long as the volumes' paths, and different at the end only. */
const directories = (name: string, count: number): string[] => repeat(count, (index) => `/etc/agent/directory-${name}-${String(index)}`);
const resourceNames = ["cpu", "memory", ...repeat(6, (index) => `example.com/resource-${String(index)}`)];
const bounded = { requests: resourceNames, limits: resourceNames };

/** Every list parameter at its maxItems, and nothing in it that fits; what is not listed has what its schema allows at most. */
const largest: Readonly<Record<string, Parameters>> = {
  "host-network-declared-ports": { exempt: matchers, ...listenOptions, requirePorts: true },
  "host-network-immutable": { exempt: matchers, forbidDisabling: true },
  "host-network-pod-security": { exempt: matchers, defaultLevel: "restricted" },
  "restrict-privileged-namespace": { allowed: repeat(64, (index) => `*a-name-of-other-length-${String(index)}*`), requireLabel: true },
  "host-network-dns-policy": { exempt: matchers, dnsPolicies: ["None"] },
  "host-network-listen-port": { exempt: matchers, ...listenOptions },
  "host-network-port-conflict": { exempt: matchers },
  "host-network-port-range": { exempt: matchers, allowed: ranges(20_000), exceptProfiles: profiles },
  "host-network-read-only-host-path": { exempt: matchers, paths: ["/etc", ...directories("other", 31)], except: directories("more", 32) },
  "host-network-reserved-ports": { exempt: matchers, profiles, reserved: ranges(50_000).map((range) => ({ ...range, owners: repeat(16, () => ({ name: "other" })) })) },
  "host-network-resource-limits": { exempt: matchers, ...bounded },
  "host-network-update-strategy": { exempt: matchers },
  "restrict-host-namespaces": { allowed: matchers.map((matcher) => ({ ...matcher, hostPID: true, hostIPC: true })) },
  "restrict-host-network": { allowed: matchers },
  "unresolved-placeholder": { exempt: matchers },
};

function largestParameters(id: string): Parameters {
  const value = largestValue(compiledRule(id).schema);
  if (!isObject(value)) throw new TypeError("parameters are a record");
  return value;
}

function requestsOf(id: string): Request[] {
  const given = loadCases().filter((each) => each.rule === id).map(({ name, request, parameters }): Request => ({
    name,
    operation: request.operation ?? "CREATE",
    object: request.object,
    ...(request.oldObject === undefined ? {} : { oldObject: request.oldObject }),
    // The API server finds the Namespace by itself.
    namespaceObject: request.namespaceObject ?? namespaceIn(request.inventory ?? [], viewOf(request.object).workload.namespace),
    ...(Object.keys(parameters).length === 0 ? {} : { parameters }),
  }));
  const parameters = largest[id] ?? { ...largestParameters(id), exempt: matchers };
  const definition = rules.find((rule) => rule.id === id);
  const objects = definition?.reviews === "namespaces" ? { "a Namespace that no pattern allows": privilegedNamespace } : objectsFor({ ...defaultLimits, ...definition?.limits });
  const namespaceObject = { apiVersion: "v1", kind: "Namespace", metadata: { name: "monitoring" } };
  const large = Object.entries(objects).flatMap(([name, object]): Request[] => [
    { name, operation: "CREATE", object, namespaceObject },
    { name: `${name}, parameters at maxItems`, operation: "CREATE", object, namespaceObject, parameters },
    { name: `${name}, UPDATE`, operation: "UPDATE", object, namespaceObject, oldObject: { ...object, spec: {}, metadata: { name: "other" } } },
  ]);
  return [...given, ...large];
}

const input = { versions: VERSIONS, policies: checked.map((rule) => ({ id: rule.meta.id, ...rule.cel(undefined, knownTo[FORM]), requests: requestsOf(rule.meta.id) })) };
const reports = JSON.parse(
  execFileSync(requireEngine("cel-check").path, { input: JSON.stringify(input), maxBuffer: 2 ** 30, encoding: "utf8" }),
) as readonly Report[]; // the form that main.go describes

test("every rule is compiled for every version", () => {
  expect(reports).toHaveLength(checked.length * VERSIONS.length);
});

describe.each(reports.map((report) => ({ ...report, title: `${report.id} in Kubernetes ${report.version}` })))("$title", ({ id, errors, results }) => {
  test("compiles", () => {
    expect(errors).toEqual([]);
  });

  test("gives the text of the rule's TypeScript on every case", () => {
    const cases = loadCases().filter((each) => each.rule === id);
    const texts = new Map(results.map((result) => [result.name, result.error ?? result.text]));
    for (const { name, violations } of cases) expect(texts.get(name), name).toBe(messageText(id, violations));
  });

  test("stays below the budget on large objects, and beyond the bounds says so", () => {
    const passes = (text: string): number => (text === "" ? 1 : 2);
    for (const { name, text, error, cost } of results) {
      expect(error, name).toBeUndefined();
      expect(cost / passes(text), name).toBeLessThan(BUDGET_PER_PASS);
    }
    const reads = compiledRules.find((rule) => rule.meta.id === id)?.reads.Pod ?? [];
    const beyond = results.find(({ name }) => name === "just beyond every bound");
    if (reads.includes("containers")) expect(beyond?.text).toMatch(/^more than \d+ containers are too many/);
  });
});

test("prints what policies cost", () => {
  for (const { id, version, results } of reports.filter((report) => report.version === VERSIONS[0])) {
    const usual = results.find(({ name }) => name === "10 containers with 10 ports each");
    const most = results.reduce((one, other) => (other.cost > one.cost ? other : one));
    console.log(`${id} (CEL of Kubernetes ${version}): ${usual === undefined ? "" : `${String(usual.cost)} on a Pod of 10×10 ports, `}at most ${String(most.cost)} (${most.name})`);
  }
  expect(reports.length).toBeGreaterThan(0);
});
