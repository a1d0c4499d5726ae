/** `policy-test suite` and the engines' own commands fail the same cases of suites with wrong expectations. */
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { dump, loadAll } from "js-yaml";
import { globSync } from "tinyglobby";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { requireEngine } from "../../engines/index.js";
import { isObject } from "../../generator/schema/json.js";
import type { CaseResult } from "../../policy-test/suite/result.js";
import { runSuites, type SuiteRunOptions } from "../../policy-test/suite/run.js";
import { packageRoot } from "../../wasm/package-root.js";
import { compiledRules } from "../compiled.js";
import { execute } from "./process.js";

type Mapping = Readonly<Record<string, unknown>>;

const folder = mkdtempSync(join(tmpdir(), "suites-"));
afterAll(() => {
  rmSync(folder, { recursive: true });
});

const mappingsIn = (value: unknown): Mapping[] => (Array.isArray(value) ? value.filter(isObject) : []);
const write = (path: string, ...documents: readonly unknown[]): void => {
  writeFileSync(join(folder, path), documents.map((one) => dump(one, { lineWidth: -1 })).join("---\n"));
};

/** Every document of the files, changed; the turn counts the documents. */
function rewrite(pattern: string, change: (document: Mapping, turn: number) => Mapping): void {
  let turn = 0;
  for (const path of globSync(pattern, { cwd: folder }).sort()) {
    write(path, ...loadAll(readFileSync(join(folder, path), "utf8")).filter(isObject).map((document) => change(document, turn++)));
  }
}

async function ours(options: SuiteRunOptions): Promise<readonly CaseResult[]> {
  const report = await runSuites(options, { cwd: folder, stdin: process.stdin });
  if (!("cases" in report)) throw new Error(JSON.stringify(report.problems));
  expect(report.problems).toEqual([]);
  return report.cases;
}

/** One assertion in the place of a case's own, by turns: some hold, some do not, some only in one language. */
function assertionsOf(given: unknown, turn: number): unknown {
  const [first] = mappingsIn(given);
  const { violations, message } = first ?? {};
  switch (turn % 8) {
    case 0:
      return [{ violations: violations === "no" ? "yes" : "no" }];
    case 1:
      return [{ violations: 1 }];
    case 2:
      return [{ violations: 2 }];
    case 3:
      return [{ violations: 0, message: "(?i)hostnetwork" }];
    case 4:
      return [{ message: "^container .*; set " }];
    case 5:
      return [{ ...first, message: `${typeof message === "string" ? message : "x"}$` }];
    case 6:
      return [{}, { violations: "no", message: "\\bport\\b" }];
    default:
      return given;
  }
}

const pod = (metadata: object = {}): object => ({ apiVersion: "v1", kind: "Pod", metadata: { name: "web", namespace: "shop", ...metadata }, spec: { hostNetwork: true, containers: [{ name: "web", image: "web:1", ports: [{ containerPort: 81 }, { containerPort: 82 }] }] } });
const asked = (operation: string, object: unknown, oldObject?: unknown): object => ({
  apiVersion: "admission.k8s.io/v1",
  kind: "AdmissionReview",
  request: { uid: "1", kind: { group: "", version: "v1", kind: "Pod" }, name: "web", namespace: "shop", operation, userInfo: {}, object, ...(oldObject === undefined ? {} : { oldObject }) },
});

/** What the library's own suites do not have: match, actions, operations, skipped and invalid ones. */
function writeOwnSuite(): void {
  const objects: Readonly<Record<string, object>> = {
    pod: pod(),
    labelled: pod({ labels: { team: "a" } }),
    generated: { ...pod(), metadata: { generateName: "web-", namespace: "shop" } },
    homeless: { ...pod(), metadata: { name: "web" } },
    create: asked("CREATE", pod()),
    relabel: asked("UPDATE", pod({ labels: { a: "b" } }), pod()),
    switch: asked("UPDATE", pod(), { ...pod(), spec: { containers: [] } }),
    delete: asked("DELETE", null, pod()),
    namespace: { apiVersion: "v1", kind: "Namespace", metadata: { name: "shop", labels: { team: "a" } } },
  };
  for (const [name, object] of Object.entries(objects)) write(`gatekeeper/own/${name}.yaml`, object);
  const team = { matchLabels: { team: "a" } };
  const specs: Readonly<Record<string, object>> = {
    all: {},
    kinds: { match: { kinds: [{ apiGroups: ["apps"], kinds: ["*"] }] } },
    excluded: { match: { excludedNamespaces: ["sh*"] } },
    namespaces: { match: { namespaces: ["other"] } },
    labels: { match: { labelSelector: team } },
    home: { match: { namespaceSelector: team } },
    name: { match: { name: "web-*" } },
    cluster: { match: { scope: "Cluster" } },
    dryrun: { enforcementAction: "dryrun" },
    here: { enforcementAction: "scoped", scopedEnforcementActions: [{ action: "warn", enforcementPoints: [{ name: "gator.gatekeeper.sh" }] }] },
    elsewhere: { enforcementAction: "scoped", scopedEnforcementActions: [{ action: "deny", enforcementPoints: [{ name: "audit.gatekeeper.sh" }] }] },
    invalid: { parameters: { allowed: "all" } },
  };
  for (const [name, spec] of Object.entries(specs)) write(`gatekeeper/own/constraint-${name}.yaml`, { apiVersion: "constraints.gatekeeper.sh/v1beta1", kind: "HostNetworkPortRange", metadata: { name }, spec });
  const tests = Object.keys(specs).filter((name) => name !== "invalid").map((name) => ({
    name,
    template: "../host-network-port-range/template.yaml",
    constraint: `constraint-${name}.yaml`,
    cases: Object.keys(objects).filter((object) => object !== "namespace").map((object) => ({ name: object, object: `${object}.yaml`, inventory: ["namespace.yaml"], assertions: [{ violations: "yes" }] })),
  }));
  const [first] = tests;
  const invalid = { template: first?.template, invalid: true };
  write("gatekeeper/own/suite.yaml", {
    apiVersion: "test.gatekeeper.sh/v1alpha1",
    kind: "Suite",
    tests: [
      ...tests,
      { ...first, name: "skipped", skip: true },
      { ...first, name: "partly skipped", cases: first?.cases.map((one, index) => ({ ...one, skip: index % 2 === 0 })) },
      { ...invalid, name: "is invalid", constraint: "constraint-invalid.yaml" },
      { ...invalid, name: "is valid", constraint: "constraint-all.yaml" },
    ],
  });
}

describe.each(["cel", "rego"] as const)("gator verify with %s", (language) => {
  beforeAll(() => {
    cpSync(join(packageRoot, "library/gatekeeper"), join(folder, "gatekeeper"), { recursive: true });
    let turn = 0;
    rewrite("gatekeeper/*/suite.yaml", (suite) => ({
      ...suite,
      tests: mappingsIn(suite["tests"]).map((one) => ({ ...one, cases: mappingsIn(one["cases"]).map((each) => ({ ...each, assertions: assertionsOf(each["assertions"], turn++) })) })),
    }));
    cpSync(join(folder, "gatekeeper/host-network-port-range"), join(folder, "gatekeeper/own"), { recursive: true });
    writeOwnSuite();
  });

  test("fails the same cases", async () => {
    const given = ["verify", "--verbose", `--enable-k8s-native-validation=${String(language === "cel")}`, "./gatekeeper/..."];
    const { stdout, stderr } = await execute(requireEngine("gator").path, given, folder);
    // A test without cases has its verdict on its own line, which is not indented. Of a test that is skipped its cases are not told.
    const theirs = stdout.split("\n").flatMap((line) => {
      const [, indent, verdict, name] = /^( {4})?--- (PASS|FAIL): (.*?)\t/.exec(line) ?? [];
      const isCase = indent !== undefined || name === "is invalid" || name === "is valid";
      return verdict === undefined || !isCase ? [] : [`${verdict} ${name ?? ""}`];
    });
    const cases = await ours({ paths: ["gatekeeper"], language });
    const words = { ok: "PASS", failed: "FAIL", "not run": "not run", skipped: "skipped" };
    expect(cases.filter(({ outcome }) => outcome !== "skipped").map((one) => `${words[one.outcome]} ${one.case === "" ? one.test : one.case}`), stderr).toEqual(theirs);
    for (const outcome of ["ok", "failed", "skipped"]) expect(cases.filter((one) => one.outcome === outcome).length).toBeGreaterThan(4);
  });
});

describe("kyverno test", () => {
  beforeAll(() => {
    // Its cluster is empty, and rules that look at one are not run here. Of the others each second is as many as there is time for.
    for (const rule of compiledRules.filter(({ needs }, index) => index % 2 === 0 && !needs.includes("inventory"))) {
      cpSync(join(packageRoot, "library/kyverno", rule.meta.id), join(folder, "kyverno", rule.meta.id), { recursive: true });
    }
    const wanted = ["pass", "fail", "skip", "warn"];
    rewrite("kyverno/**/kyverno-test.yaml", (one, turn) => ({
      ...one,
      metadata: { name: `number-${String(turn)}` },
      results: mappingsIn(one["results"]).map((result) => ({ ...result, result: wanted[turn % wanted.length], ...(turn % 5 === 4 ? { operation: turn % 2 === 0 ? "UPDATE" : "CREATE" } : {}) })),
    }));
  });

  test("fails as many objects of each Test", async () => {
    const { stdout } = await execute(requireEngine("kyverno").path, ["test", "kyverno", "--output-format", "json", "--remove-color"], folder);
    const [, ...parts] = stdout.split(/^Loading test .*\( (.*) \) \.\.\.$/m);
    const theirs: string[] = [];
    for (let at = 0; at + 1 < parts.length; at += 2) {
      const rows: unknown = JSON.parse(/^\[(?:$[^]*?^)?\]$/m.exec(parts[at + 1] ?? "")?.[0] ?? "[]");
      const results = mappingsIn(rows).map(({ RESULT }) => RESULT);
      theirs.push(`${parts[at] ?? ""}: ${String(results.filter((result) => result === "Pass").length)} of ${String(results.length)}`);
    }
    const cases = await ours({ paths: ["kyverno"] });
    const own = [...new Set(cases.map((one) => one.test))].map((name) => {
      const rows = cases.filter((one) => one.test === name);
      return `${rows[0]?.file ?? ""}: ${String(rows.filter(({ outcome }) => outcome === "ok").length)} of ${String(rows.length)}`;
    });
    expect(own).toEqual(theirs);
    expect(cases.filter(({ outcome }) => outcome === "not run")).toEqual([]);
    for (const outcome of ["ok", "failed"]) expect(cases.filter((one) => one.outcome === outcome).length).toBeGreaterThan(50);
  });
});
