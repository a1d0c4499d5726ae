/**
 * The emitted CEL in Kubernetes' own environments (engines/cel-check): it compiles from 1.30 on, gives the expected
 * text on every case, and stays below the budget on large objects with parameter lists at their bounds.
 */
import { execFileSync } from "node:child_process";
import { describe, expect, test } from "vitest";
import { requireEngine } from "../../engines/index.js";
import { messageText, type Parameters } from "../../manifest/run.js";
import { defaultLimits } from "../../policies/kit/view.js";
import { reservedPorts } from "../../policies/data/reserved-ports.js";
import { loadCases } from "../cases.js";
import { compiledRules } from "../compiled.js";

/** The oldest environment the CEL must compile in, and the newest there is. */
const VERSIONS = ["1.30", "1.36"];

/** Cost of one evaluation of condition and variables; Gatekeeper allows twice as much for condition and message together. */
const BUDGET_PER_PASS = 500_000;

interface Request {
  readonly name: string;
  readonly operation: string;
  readonly object: unknown;
  readonly oldObject?: unknown;
  readonly parameters?: Parameters;
}

interface Report {
  readonly id: string;
  readonly version: string;
  readonly errors: readonly string[];
  readonly results: readonly { readonly name: string; readonly text: string; readonly error?: string; readonly cost: number }[];
}

const repeat = <T>(count: number, element: (index: number) => T): T[] => Array.from({ length: count }, (_, index) => element(index));

/** A DaemonSet of so many containers with so many ports, variables and arguments each. */
function daemonSet(containers: number, ports: number, texts: number, firstPort = 9000): Parameters {
  const each = (container: number): object => ({
    name: `container-${String(container)}`,
    image: "registry.example.com/monitoring/agent:v1.2.3",
    args: repeat(texts, (index) => `--flag-${String(index)}=a/value/of/some/length`),
    command: repeat(texts, (index) => `word-${String(index)}`),
    env: repeat(texts, (index) => ({ name: `VARIABLE_${String(index)}`, value: "a value of some length" })),
    ports: repeat(ports, (index) => ({ containerPort: firstPort + container * ports + index, protocol: "TCP" })),
  });
  return {
    apiVersion: "apps/v1",
    kind: "DaemonSet",
    metadata: { name: "agent", namespace: "monitoring" },
    spec: { template: { spec: { hostNetwork: true, containers: repeat(containers, each) } } },
  };
}

const { containers, ports, env } = defaultLimits;
const objects: Readonly<Record<string, Parameters>> = {
  "10 containers with 10 ports each": daemonSet(10, 10, 10),
  "every bound reached, many containers": daemonSet(containers, ports / containers, env / containers),
  "every bound reached, half as many containers": daemonSet(containers / 2, (2 * ports) / containers, (2 * env) / containers),
  "every bound reached, one container": daemonSet(1, ports, env),
  "every port outside every range": daemonSet(containers, ports / containers, 1, 40_000),
  "just beyond every bound": daemonSet(containers + 1, 2, 17),
};

const matchers = repeat(64, (index) => ({ namespace: "*", kind: "DaemonSet", name: `*other-${String(index)}` }));
const ranges = (start: number): object[] => repeat(32, (index) => ({ from: start + 2 * index, to: start + 2 * index + 1, protocol: "TCP", usedBy: "something else" }));
const profiles = [...new Set(reservedPorts.map((line) => line.profile))];

/** Every list parameter at its maxItems, and nothing in it that fits. */
const largest: Readonly<Record<string, Parameters>> = {
  "host-network-dns-policy": { exempt: matchers, dnsPolicies: ["None"] },
  "host-network-port-conflict": { exempt: matchers },
  "host-network-port-range": { exempt: matchers, allowed: ranges(20_000), exceptProfiles: profiles },
  "host-network-reserved-ports": { exempt: matchers, profiles, reserved: ranges(50_000).map((range) => ({ ...range, owners: repeat(16, () => ({ name: "other" })) })) },
  "restrict-host-network": { allowed: matchers },
  "unresolved-placeholder": { exempt: matchers },
};

function requestsOf(id: string): Request[] {
  const given = loadCases().filter((each) => each.rule === id).map(({ name, request, parameters }): Request => ({
    name,
    operation: request.operation ?? "CREATE",
    object: request.object,
    ...(request.oldObject === undefined ? {} : { oldObject: request.oldObject }),
    ...(Object.keys(parameters).length === 0 ? {} : { parameters }),
  }));
  const large = Object.entries(objects).flatMap(([name, object]): Request[] => [
    { name, operation: "CREATE", object },
    { name: `${name}, parameters at maxItems`, operation: "CREATE", object, ...(largest[id] === undefined ? {} : { parameters: largest[id] }) },
    { name: `${name}, UPDATE`, operation: "UPDATE", object, oldObject: { ...object, spec: {} } },
  ]);
  return [...given, ...large];
}

const input = { versions: VERSIONS, policies: compiledRules.map((rule) => ({ id: rule.meta.id, ...rule.cel(), requests: requestsOf(rule.meta.id) })) };
const reports = JSON.parse(
  execFileSync(requireEngine("cel-check").path, { input: JSON.stringify(input), maxBuffer: 2 ** 30, encoding: "utf8" }),
) as readonly Report[]; // the form that main.go describes

test("every rule has bounds on its parameters here", () => {
  expect(Object.keys(largest)).toEqual(compiledRules.map((rule) => rule.meta.id));
  expect(reports).toHaveLength(compiledRules.length * VERSIONS.length);
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
    const cost = (name: string): number => results.find((result) => result.name === name)?.cost ?? Number.NaN;
    const most = results.reduce((one, other) => (other.cost > one.cost ? other : one));
    console.log(`${id} (CEL of Kubernetes ${version}): ${String(cost("10 containers with 10 ports each"))} on a Pod of 10×10 ports, at most ${String(most.cost)} (${most.name})`);
  }
  expect(reports.length).toBeGreaterThan(0);
});
