/** What helm renders of the chart is what `policy-test render` makes of the same settings. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { load } from "js-yaml";
import { describe, expect, test } from "vitest";
import { CHART_FOLDER } from "../../charts/chart-files.js";
import { isObject, type JsonObject } from "../../generator/schema/json.js";
import { packageAssets, readWasmManifest } from "../../policy-test/assets.js";
import { policyTest } from "../../policy-test/fixtures/harness.js";
import { renderTargets, type RenderTarget } from "../../policy-test/render/index.js";
import { valueAt } from "../json.js";
import { installed } from "../library-files.js";
import { helm, objectsOf, templated } from "./helm.js";

const assets = packageAssets();
const { rules, bundles } = readWasmManifest(assets.manifest);

/** What holds where the values say nothing. */
const defaults = { match: { excludedNamespaces: ["kube-system"] } };

const nameOf = (object: JsonObject): string => `${String(object["kind"])} ${String(valueAt(object, "metadata", "name"))}`;

/** CEL is laid out differently: no white space counts outside of texts, nor the order of the keys of what is written into it. */
function comparable(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(comparable);
  if (!isObject(value)) return value;
  const { name, expression } = value;
  if (name === "parameters" && typeof expression === "string") return { ...value, expression: writtenIn(expression) };
  return Object.fromEntries(Object.entries(value).map(([key, part]) => [key, key === "expression" && typeof part === "string" ? outsideTexts(part, /\s+/) : comparable(part)]));
}

/** The CEL of plain data is JSON, each value of a map in a `dyn(…)`. */
function writtenIn(cel: string): object {
  const data: unknown = JSON.parse(outsideTexts(cel, /dyn\(|\)/));
  const dyn = cel.replaceAll(/"(?:[^"\\]|\\.)*"/g, "").match(/:\s*dyn\(/g)?.length;
  return { data, dyn };
}

const outsideTexts = (cel: string, removed: RegExp): string => cel.replaceAll(new RegExp(`"(?:[^"\\\\]|\\\\.)*"|${removed.source}`, "g"), (token) => (token.startsWith('"') ? token : ""));

const byName = (objects: readonly JsonObject[]): Record<string, unknown> => Object.fromEntries(objects.map((object) => [nameOf(object), comparable(object)]));

async function rendered(settings: object, target: RenderTarget): Promise<Record<string, unknown>> {
  const { code, stdout, stderr } = await policyTest(["render", "--target", target], { assets, files: { "policy-test.yaml": JSON.stringify(settings) } });
  expect(code, stderr).toBe(0);
  return byName(objectsOf(stdout));
}

/** Beside the Constraints, for which `render` takes them to be installed. */
const isOfLibrary = ({ kind }: JsonObject): boolean => kind === "ConstraintTemplate" || kind === "SyncSet";

async function expectSame(settings: object, target: RenderTarget): Promise<void> {
  const objects = templated({ target, ...settings });
  const policies = objects.filter((object) => !isOfLibrary(object));
  expect(policies.length).toBeGreaterThan(0);
  expect(new Set(objects.map(nameOf)).size).toBe(objects.length);
  expect(byName(policies)).toEqual(await rendered({ ...defaults, ...settings }, target));
}

describe.each(renderTargets)("%s", (target) => {
  test.each(bundles.map(({ name }) => name))("bundle %s", async (bundle) => {
    await expectSame({ bundle }, target);
  });

  test("every rule", async () => {
    await expectSame({}, target);
  });

  const selector = { matchLabels: { "example.org/a": "b" }, matchExpressions: [{ key: "c", operator: "NotIn", values: ["d", "e"] }, { key: "f", operator: "In", values: ["g"] }, { key: "h", operator: "Exists" }] };
  const only = (settings: object): object => ({ bundle: "ack", rules: { "host-network-dns-policy": { enforcement: "dryrun", ...settings } } });
  test.each<readonly [string, object]>([
    ["enforcement", { bundle: "strict", rules: { "restrict-host-network": { enforcement: "warn" }, "host-network-shared-port": { enforcement: "off" }, "host-network-port-range": { enforcement: "dryrun" } } }],
    ["off as YAML reads it", { rules: { "restrict-host-network": { enforcement: false } } }],
    ["a rule that the bundle leaves out", { bundle: "ack", rules: Object.fromEntries(rules.map(({ id }) => [id, { enforcement: "warn" }])) }],
    ["parameters over a bundle's", { bundle: "strict", rules: { "host-network-declared-ports": { parameters: { listenFlags: ["--a<b>&\"c\"", "${X} {{ .x }} $(y) 'é'"] } }, "host-network-dns-policy": { parameters: { dnsPolicies: ["None"] } } } }],
    ["numbers and lists", { rules: { "host-network-port-range": { parameters: { allowed: [{ from: 1, protocol: "TCP", to: 65535 }, { from: 2000, to: 2000 }], exceptProfiles: [] } } } }],
    ["records in lists in records", { rules: { "host-network-reserved-ports": { parameters: { reserved: [{ from: 1, owners: [{ kind: "DaemonSet", namespace: "a" }], to: 2, usedBy: "b" }] } } } }],
    ["part of a record", { rules: { "unresolved-placeholder": { parameters: { patterns: { angle: "off" } } } } }],
    ["truth values", { rules: { "host-network-pod-security": { parameters: { defaultLevel: "baseline" } }, "host-network-immutable": { parameters: { forbidDisabling: true } }, "host-network-listen-port": { parameters: { ignoreLoopback: false } } } }],
    ["waivers", { rules: { "restrict-host-network": { parameters: { allowed: [{ namespace: "a" }] } } }, waivers: [{ rule: "restrict-host-network", match: { kind: "Pod", namespace: "b" }, reason: "a", expires: "2999-12-31" }, { rule: "restrict-privileged-namespace", match: { name: "c" }, reason: "a", expires: "2999-12-31" }] }],
    ["match for all rules", { match: { excludedNamespaces: ["kube-*", "gke"] } }],
    ["match nothing away", { match: { excludedNamespaces: [] } }],
    ["match of one rule", only({ match: {} })],
    ["namespaces", only({ match: { namespaces: ["a", "b"], excludedNamespaces: ["c"], namespaceSelector: { matchLabels: { d: "e" }, matchExpressions: [{ key: "f", operator: "DoesNotExist" }] } } })],
    ["patterns of namespaces", only({ match: { namespaces: ["*-a", "*b*", "c*", "d"], excludedNamespaces: ["*x"] } })],
    ["patterns of everything", only({ match: { namespaces: ["*"], name: "**" } })],
    ["a namespaces' rule", { bundle: "recommended", rules: { "restrict-privileged-namespace": { match: { namespaces: ["a*"], excludedNamespaces: ["b*"] } } } }],
    ["kinds", only({ match: { kinds: [{ apiGroups: ["apps"], kinds: ["*"] }, { kinds: ["Pod"] }, { apiGroups: ["*"], kinds: ["CronJob"] }] } })],
    ["kinds but Pods", only({ match: { kinds: [{ apiGroups: [""], kinds: ["PodTemplate"] }] } })],
    ["labels", only({ match: { labelSelector: selector } })],
    ["one label", only({ match: { labelSelector: { matchLabels: { a: "b" } } } })],
    ["a label that is absent", only({ match: { labelSelector: { matchExpressions: [{ key: "a", operator: "DoesNotExist" }] } } })],
    ["a label of another value", only({ match: { labelSelector: { matchExpressions: [{ key: "a", operator: "NotIn", values: ["b"] }] } } })],
    ["a label that is there", only({ match: { labelSelector: { matchExpressions: [{ key: "a", operator: "Exists" }] } } })],
    ["no label", only({ match: { labelSelector: {} } })],
    ["a name", only({ match: { name: "a", scope: "Namespaced" } })],
    ["a pattern of names", only({ match: { name: "a*" } })],
  ])("%s", async (_, settings) => {
    await expectSame(settings, target);
  });

  test.each<readonly [string, object]>([
    ["a match of other kinds", only({ match: { kinds: [{ kinds: ["Service"] }] } })],
    ["a match of another scope", only({ match: { scope: "Cluster" } })],
    ["a match of what is generated", only({ match: { source: "Generated" } })],
    ["an expired waiver", { waivers: [{ rule: "restrict-host-network", match: { name: "a" }, reason: "a", expires: "2020-01-01" }] }],
    ["a waiver without an end", { waivers: [{ rule: "restrict-host-network", match: { name: "a" }, reason: "a", expires: "never" }] }],
    ["too many waivers", { waivers: Array.from({ length: 65 }, () => ({ rule: "restrict-host-network", match: { name: "a" }, reason: "a", expires: "2999-12-31" })) }],
    ["every rule off", { rules: Object.fromEntries(rules.map(({ id }) => [id, { enforcement: "off" }])) }],
    ["an unknown rule", { rules: { "restrict-host-netwrk": {} } }],
    ["an unknown bundle", { bundle: "acks" }],
    ["an unknown parameter", { rules: { "restrict-host-network": { parameters: { exempt: [] } } } }],
    ["an unknown enforcement", { rules: { "restrict-host-network": { enforcement: "audit" } } }],
    ["a label that cannot be", only({ match: { labelSelector: { matchLabels: { "a b": "c" } } } })],
    ["an operator without values", only({ match: { labelSelector: { matchExpressions: [{ key: "a", operator: "In" }] } } })],
    ["values that the operator does not take", only({ match: { labelSelector: { matchExpressions: [{ key: "a", operator: "Exists", values: ["b"] }] } } })],
  ])("%s is an error of both", async (_, settings) => {
    const { code: ofRender } = await policyTest(["render", "--target", target], { assets, files: { "policy-test.yaml": JSON.stringify({ ...defaults, ...settings }) } });
    const { code, stderr } = helm(["template", "rules", "CHART", "VALUES", "--set=constraints=always"], { target, ...settings });
    expect([ofRender, code], stderr).toEqual([2, 1]);
    expect(stderr).not.toMatch(/nil pointer|panic|wrong type|incompatible types/);
  });

  test("helm lints it, with nothing but a word on the icon", () => {
    for (const bundle of bundles) {
      const { code, stdout, stderr } = helm(["lint", "--strict", "CHART", "VALUES"], { target, constraints: "always", bundle: bundle.name });
      expect(code, stdout + stderr).toBe(0);
      expect(stdout.split("\n").filter((line) => /^\[/.test(line))).toEqual(["[INFO] Chart.yaml: icon is recommended"]);
    }
  });

  test("twice the same", () => {
    const once = (): string => helm(["template", "rules", "CHART", "VALUES", "--set=constraints=always"], { target }).stdout;
    expect(once()).toBe(once());
  });
});

test("the defaults are those of this file", () => {
  expect(load(readFileSync(join(CHART_FOLDER, "values.yaml"), "utf8"))).toEqual({ target: "admission-policy", constraints: "auto", ...defaults, rules: {}, waivers: [] });
});

test("the example's policy-test.yaml is a file of values as it is", async () => {
  const text = readFileSync(new URL("../../examples/policy-test.yaml", import.meta.url), "utf8");
  const own: unknown = load(text);
  expect(byName(templated(text))).toEqual(await rendered({ ...defaults, ...(isObject(own) ? own : {}) }, "admission-policy"));
});

describe("Gatekeeper's templates and SyncSets", () => {
  const exactly = (objects: readonly JsonObject[]): Record<string, unknown> => Object.fromEntries(objects.map((object) => [nameOf(object), object]));
  const libraryOf = (ids: readonly string[]): JsonObject[] => ids.flatMap((id) => installed(`gatekeeper/${id}`));

  test("are the library's", () => {
    const objects = templated({ target: "gatekeeper" }).filter(isOfLibrary);
    expect(exactly(objects)).toEqual(exactly(libraryOf(rules.map(({ id }) => id))));
  });

  test("are those of the rules that are installed", () => {
    const ack = bundles.find(({ name }) => name === "ack")?.rules ?? [];
    const objects = templated({ target: "gatekeeper", bundle: "ack" }).filter(isOfLibrary);
    expect(exactly(objects)).toEqual(exactly(libraryOf(ack.map(({ id }) => id))));
  });

  test("come without Constraints where these are not wanted, or not served yet", () => {
    const kindsOf = (...args: readonly string[]): string[] => objectsOf(helm(["template", "rules", "CHART", "VALUES", ...args], { target: "gatekeeper" }).stdout).filter((object) => !isOfLibrary(object)).map(nameOf);
    expect(kindsOf("--set=constraints=never")).toEqual([]);
    const served = ["--api-versions=templates.gatekeeper.sh/v1"];
    expect(kindsOf(...served)).toEqual([]);
    expect(kindsOf(...served, "--api-versions=constraints.gatekeeper.sh/v1beta1/RestrictHostNetwork")).toEqual(["RestrictHostNetwork restrict-host-network"]);
  });

  test("do not come silently without Constraints where no cluster is asked", () => {
    const { code, stdout, stderr } = helm(["template", "rules", "CHART", "VALUES"], { target: "gatekeeper" });
    expect([code, stdout]).toEqual([1, ""]);
    expect(stderr).toContain("set constraints to always or never");
  });
});
