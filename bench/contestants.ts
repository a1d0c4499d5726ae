/** Who takes part, and how each is asked for the same. */
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

import { load } from "js-yaml";

import { requireEngine, type Engine } from "../engines/index.js";
import { isMapping } from "../manifest/mapping.js";
import { packageAssets, readWasmManifest } from "../policy-test/assets.js";
import type { Contestant } from "./measure.js";

/** Path of a file of the repository; this file runs in dist/bench/. */
export const inRepository = (path: string): string => fileURLToPath(new URL(`../../${path}`, import.meta.url));

/** What a contestant finds, as far as it can be told from what it prints: each finding, or one text of all findings of a rule in an object. */
export interface Count {
  readonly of: "findings" | "pairs";
  readonly read: (output: string) => number;
}

/** Somebody who can be asked to check a folder. */
export interface Runner {
  readonly title: string;
  /** What it is asked, as one would type it. */
  readonly shown: string;
  readonly on: (folder: string) => Contestant;
  readonly count?: Count;
}

export interface Runners {
  readonly all: Runner;
  readonly others: readonly Runner[];
  readonly parser: Runner;
  /** Policy-test with the rules that every peer can run, in JSON. */
  readonly reference: Runner;
  readonly peerRules: readonly string[];
  readonly allRules: readonly string[];
  readonly versions: readonly (readonly [program: string, version: string])[];
}

/**
 * @param folder for files that peers need
 * @throws Error if a peer is not there
 */
export function findRunners(folder: string): Runners {
  const { rules } = readWasmManifest(packageAssets().manifest);
  const allRules = rules.map(({ id }) => id);
  // What looks at the Namespace or the cluster, peers see otherwise: all files as one cluster, or nothing at all.
  const peerRules = rules.filter(({ needs }) => needs.every((need) => need === "oldObject")).map(({ id }) => id);
  const [gator, kyverno, conftest] = [requireEngine("gator"), requireEngine("kyverno"), requireEngine("conftest")];
  const named = peerRules.flatMap((id) => ["--rule", id]);
  return {
    all: policyTest("policy-test", []),
    others: [policyTest("policy-test, one thread", ["--jobs", "1"]), gatorTest(gator, "CEL", peerRules), gatorTest(gator, "Rego", peerRules), conftestTest(conftest, peerRules, folder), kyvernoApply(kyverno, peerRules)],
    parser: { title: "js-yaml, parsing only", shown: "node dist/bench/parse.js FOLDER", on: (path) => ({ title: "js-yaml", command: process.execPath, args: [inRepository("dist/bench/parse.js"), path] }) },
    reference: policyTest("policy-test, the rules of the peers", [...named, "--format", "json"]),
    peerRules,
    allRules,
    versions: [["node", process.versions.node], ...[gator, conftest, kyverno].map(({ name, version }) => [name, version] as const)],
  };
}

function policyTest(title: string, args: readonly string[]): Runner {
  return {
    title,
    shown: ["policy-test", ...args, "FOLDER"].join(" "),
    on: (folder) => ({ title, command: process.execPath, args: [inRepository("dist/policy-test/bin.js"), ...args, folder] }),
  };
}

function gatorTest(gator: Engine, engine: "CEL" | "Rego", rules: readonly string[]): Runner {
  const title = `gator test, ${engine}`;
  const flags = [...(engine === "CEL" ? [] : ["--enable-k8s-native-validation=false"]), "--output", "json"];
  const policies = rules.flatMap((rule) => ["-f", templateOf(rule), "-f", constraintOf(rule)]);
  return {
    title,
    shown: ["gator test", ...flags, "-f TEMPLATE -f CONSTRAINT … -f FOLDER"].join(" "),
    on: (folder) => ({ title, command: gator.path, args: ["test", ...flags, ...policies, "-f", folder] }),
    count: { of: engine === "CEL" ? "pairs" : "findings", read: lengthOf },
  };
}

export const templateOf = (rule: string): string => inRepository(`library/gatekeeper/${rule}/template.yaml`);
export const constraintOf = (rule: string): string => inRepository(`library/gatekeeper/${rule}/samples/${rule}/constraint.yaml`);

function kyvernoApply(kyverno: Engine, rules: readonly string[]): Runner {
  const title = "kyverno apply";
  return {
    title,
    shown: "kyverno apply POLICY … --resource FOLDER",
    on: (folder) => ({ title, command: kyverno.path, args: ["apply", ...rules.map((rule) => inRepository(`library/kyverno/${rule}/${rule}.yaml`)), "--resource", folder] }),
    count: {
      of: "pairs",
      read: (output) => {
        const [, failed, warned] = /^pass: \d+, fail: (\d+), warn: (\d+), error: 0, /m.exec(output) ?? [];
        if (failed === undefined || warned === undefined) throw new Error("kyverno printed no summary without errors");
        return Number(failed) + Number(warned);
      },
    },
  };
}

/** Conftest gives a policy the bare document; a few lines put it into the place where the library's Rego looks for it. */
function conftestTest(conftest: Engine, rules: readonly string[], folder: string): Runner {
  const policies = join(folder, "conftest");
  mkdirSync(policies, { recursive: true });
  const packages = rules.map((rule) => {
    const rego = regoOf(rule);
    writeFileSync(join(policies, `${rule}.rego`), rego);
    return /^package (\w+)$/m.exec(rego)?.[1] ?? "";
  });
  const adapters = packages.map(
    (name) => `deny contains result if {
	some found in data.${name}.violation with input as {"review": {"object": input}, "parameters": {}}
	result := {"msg": found.msg, "path": found.details.path}
}
`,
  );
  writeFileSync(join(policies, "main.rego"), ["package main\n", ...adapters].join("\n"));
  const flags = ["--policy", policies, "--output", "json", "--no-color"];
  return {
    title: "conftest test",
    shown: "conftest test --policy ADAPTER --output json --no-color FOLDER",
    on: (path) => ({ title: "conftest test", command: conftest.path, args: ["test", ...flags, path] }),
    count: { of: "findings", read: (output) => listOf(JSON.parse(output)).reduce<number>((sum, file) => sum + (isMapping(file) ? listOf(file["failures"] ?? []).length : 0), 0) },
  };
}

/** The Rego half of a rule's template. */
function regoOf(rule: string): string {
  const template: unknown = load(readFileSync(templateOf(rule), "utf8"));
  const found = sourcesIn(template).find((source) => typeof source["rego"] === "string");
  if (found === undefined) throw new Error(`the template of ${rule} has no Rego`);
  return String(found["rego"]);
}

/** The sources of a ConstraintTemplate, one for each engine. */
function sourcesIn(value: unknown): Readonly<Record<string, unknown>>[] {
  if (value === null || typeof value !== "object") return [];
  if (isMapping(value) && isMapping(value["source"])) return [value["source"]];
  return Object.values(value).flatMap(sourcesIn);
}

/** Whether a template has a half for that engine. */
export function hasCel(rule: string): boolean {
  return readFileSync(templateOf(rule), "utf8").includes("engine: K8sNativeValidation");
}

/** All rules that have a template. */
export function templates(): string[] {
  return readdirSync(inRepository("library/gatekeeper"), { withFileTypes: true })
    .flatMap((entry) => (entry.isDirectory() && entry.name !== "bundles" ? [entry.name] : []))
    .sort();
}

function listOf(value: unknown): readonly unknown[] {
  if (!Array.isArray(value)) throw new Error("a list was expected");
  return value;
}

/** How many elements a JSON list has: gator's violations, and null where there are none. */
export function lengthOf(json: string): number {
  const value: unknown = json.trim() === "" ? null : JSON.parse(json);
  return Array.isArray(value) ? value.length : 0;
}

/** What policy-test's JSON says it found: all findings, and pairs of a rule and an object that breaks it. */
export function foundBy(json: string): Readonly<Record<Count["of"], number>> {
  const report: unknown = JSON.parse(json);
  const findings = isMapping(report) ? listOf(report["findings"]) : [];
  const pairs = new Set(findings.map((finding) => (isMapping(finding) ? JSON.stringify([finding["rule"], finding["workload"]]) : "")));
  return { findings: findings.length, pairs: pairs.size };
}
