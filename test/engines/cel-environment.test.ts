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
import { defaultLimits } from "../../policies/kit/view.js";
import { reservedPorts } from "../../policies/data/reserved-ports.js";
import { loadCases } from "../cases.js";
import { isExpressible, knownTo } from "../../generator/targets/known.js";
import { namespaceIn, viewOf } from "../../manifest/view.js";
import { compiledRule, compiledRules } from "../compiled.js";
import { runInJs } from "../executors/js.js";
import { objectsFor, privilegedNamespace, repeat, usualObject } from "../large-objects.js";
import { largestValue } from "../schema-values.js";
import { costPage, type Cost } from "./cost-page.js";

/** The oldest environment the CEL must compile in, and the newest there is. */
const VERSIONS = ["1.30", "1.36"];

/** Cost of one evaluation of condition and variables; Gatekeeper allows twice as much for condition and message together. */
const BUDGET_PER_PASS = 500_000;

/** Condition and variables are evaluated once, and once more for the message where there is one. */
const passes = (text: string): number => (text === "" ? 1 : 2);

interface Request {
  readonly name: string;
  readonly operation: string;
  readonly object: unknown;
  readonly oldObject?: unknown;
  readonly namespaceObject?: unknown;
  readonly parameters?: Parameters;
}

const AT_MAX_ITEMS = ", parameters at maxItems";
const privilegedObject = "a Namespace that no pattern allows";
const FORM = "admission-policy";
const checked = compiledRules.filter((rule) => isExpressible(rule, FORM));

interface Report {
  readonly id: string;
  readonly version: string;
  readonly errors: readonly string[];
  readonly results: readonly { readonly name: string; readonly text: string; readonly error?: string; readonly cost: number }[];
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
  const objects = definition?.reviews === "namespaces" ? { [privilegedObject]: privilegedNamespace } : objectsFor({ ...defaultLimits, ...definition?.limits });
  const namespaceObject = { apiVersion: "v1", kind: "Namespace", metadata: { name: "monitoring" } };
  const large = Object.entries(objects).flatMap(([name, object]): Request[] => [
    { name, operation: "CREATE", object, namespaceObject },
    { name: `${name}${AT_MAX_ITEMS}`, operation: "CREATE", object, namespaceObject, parameters },
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
    for (const { name, text, error, cost } of results) {
      expect(error, name).toBeUndefined();
      expect(cost / passes(text), name).toBeLessThan(BUDGET_PER_PASS);
    }
    const reads = compiledRules.find((rule) => rule.meta.id === id)?.reads.Pod ?? [];
    const beyond = results.find(({ name }) => name === "just beyond every bound");
    if (reads.includes("containers")) expect(beyond?.text).toMatch(/^more than \d+ containers are too many/);
    const far = results.find(({ name }) => name === "far beyond the bounds");
    const expected = far === undefined ? "" : messageText(id, runInJs(id, { object: objectsFor(defaultLimits)[far.name] }, {}));
    expect(far?.text ?? "").toBe(expected);
  });
});

test("docs/cost.md says what policies cost; else run `npx vitest run --project engines test/engines/cel-environment.test.ts -u`", async () => {
  const costs = reports.filter((report) => report.version === VERSIONS[0]).map(({ id, results }): Cost => {
    const perPass = (isMeant: (name: string) => boolean): number => Math.max(...results.filter(({ name }) => isMeant(name)).map(({ text, cost }) => Math.ceil(cost / passes(text))));
    return {
      rule: id,
      usual: perPass((name) => name === usualObject || name === privilegedObject),
      largest: perPass((name) => !name.endsWith(AT_MAX_ITEMS)),
      longest: perPass((name) => name.endsWith(AT_MAX_ITEMS)),
    };
  });
  expect(costs).toHaveLength(checked.length);
  await expect(costPage(costs, { versions: VERSIONS, budget: BUDGET_PER_PASS })).toMatchFileSnapshot("../../docs/cost.md");
});
