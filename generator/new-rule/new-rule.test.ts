/** The scaffold in a copy of this repository and in a folder of somebody else's rules: it compiles, and its cases pass. */
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, realpathSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

import { loadAll } from "js-yaml";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";

import { KUBERNETES_SCHEMA } from "../../manifest/dialect.js";
import { isMapping } from "../../manifest/mapping.js";
import { messageText, type Parameters, type ReviewRequest } from "../../manifest/run.js";
import { workloadKindOf } from "../../manifest/view.js";
import { workloadKinds } from "../../policies/kit/workload-kinds.js";
import type { RuleDefinition } from "../../policies/kit/rule.js";
import { celEvaluator } from "../../test/executors/cel.js";
import { complete } from "../../wasm/parameters.js";
import { compileFiles } from "../compile.js";
import type { CompiledRule } from "../compiled.js";
import { parseCases, type Case } from "../targets/cases.js";
import { libraryFiles } from "../targets/library.js";
import { pageFiles } from "../targets/pages.js";

const repository = fileURLToPath(new URL("../..", import.meta.url));

let root: string;
let said: string[];

beforeEach(() => {
  root = realpathSync(mkdtempSync(join(tmpdir(), "new-rule-")));
  vi.spyOn(process, "cwd").mockReturnValue(root);
  said = [];
  const listen = (...words: unknown[]): void => void said.push(words.join(" "));
  vi.spyOn(console, "log").mockImplementation(listen);
  vi.spyOn(console, "error").mockImplementation(listen);
  vi.spyOn(process.stderr, "write").mockImplementation((text) => said.push(String(text)) > 0);
  vi.spyOn(process.stdout, "write").mockImplementation((text) => said.push(String(text)) > 0);
});

afterEach(() => {
  vi.restoreAllMocks();
  process.exitCode = undefined;
  rmSync(root, { recursive: true });
});

/** Runs the command in `root`; its exit code. */
async function run(...given: string[]): Promise<unknown> {
  const old = process.argv;
  process.argv = ["node", "main.js", ...given];
  vi.resetModules();
  try {
    await import("./main.js");
    return process.exitCode;
  } finally {
    process.argv = old;
  }
}

const read = (path: string): string => readFileSync(join(root, path), "utf8");

/** The rule files and the lists of this repository; the kit and the data, which no scaffold touches, are linked. */
function copyRepository(): void {
  mkdirSync(join(root, "policies"));
  for (const name of readdirSync(join(repository, "policies")).filter((each) => each.endsWith(".ts"))) cpSync(join(repository, "policies", name), join(root, "policies", name));
  for (const folder of ["kit", "data"]) symlinkSync(join(repository, "policies", folder), join(root, "policies", folder));
  cpSync(join(repository, "README.md"), join(root, "README.md"));
}

/** The compiled rule and its cases. */
function compiled(file: string, cases: string): { rule: CompiledRule; cases: Case[] } {
  const { rules, diagnostics } = compileFiles([join(root, file)]);
  expect(diagnostics).toEqual([]);
  const [rule] = rules;
  if (rule === undefined) throw new Error(`${file} holds no rule`);
  return { rule, cases: parseCases(cases, read(cases)) };
}

const isDefinition = (value: unknown): value is RuleDefinition<Parameters> => isMapping(value) && typeof value["check"] === "function";

describe("in this repository", { timeout: 60_000 }, () => {
  test("the rule compiles, and its cases pass as TypeScript and as CEL", async () => {
    copyRepository();
    expect(await run("host-network-new")).toBe(0);
    expect(said.slice(0, 4)).toEqual(["added    policies/host-network-new.ts", "added    test/cases/host-network-new.yaml", "updated  policies/index.ts", "updated  README.md"]);
    const { rule, cases } = compiled("policies/host-network-new.ts", "test/cases/host-network-new.yaml");
    const module: unknown = await import(pathToFileURL(join(root, "policies/host-network-new.ts")).href);
    const definition: unknown = isMapping(module) ? module["default"] : undefined;
    if (!isDefinition(definition)) throw new Error("the file exports no rule");
    const { runRule } = await import("../../manifest/run.js"); // the one that shares its kit with the rule: modules were reset
    const runCase = (request: ReviewRequest, parameters: Parameters) => runRule(definition, request, complete(rule.schema, parameters), rule.reads);
    for (const { name, request, parameters, violations } of cases) {
      expect(runCase(request, parameters), name).toEqual(violations);
      expect(celEvaluator(rule.cel(complete(rule.schema, parameters)))(request), name).toBe(messageText(rule.meta.id, violations));
    }

    // What the tests of this repository ask of a rule's cases and of the examples.
    expect(cases.length).toBeGreaterThanOrEqual(12);
    expect(new Set(cases.map(({ request }) => workloadKindOf(request.object)?.kind))).toEqual(new Set(workloadKinds.map(({ kind }) => kind)));
    const findingsIn = (file: string) => loadAll(readFileSync(join(repository, "examples", file), "utf8"), { schema: KUBERNETES_SCHEMA }).flatMap((object) => runCase({ object }, {}));
    expect(findingsIn("bad.yaml")).not.toEqual([]);
    expect(findingsIn("node-exporter.yaml")).toEqual([]);
  });

  test("everything is generated of it: policies with their tests, and a page with examples", async () => {
    copyRepository();
    await run("host-network-new");
    const { rule, cases } = compiled("policies/host-network-new.ts", "test/cases/host-network-new.yaml");
    const library = libraryFiles([rule], () => cases, "policies/");
    expect([...library.keys()]).toEqual(expect.arrayContaining(["gatekeeper/host-network-new/suite.yaml", "kyverno/host-network-new/kyverno-test.yaml", "admission-policy/host-network-new/policy.yaml"]));
    const page = pageFiles([rule], () => cases, "policies/", []).get("host-network-new.md");
    expect(page).toContain("### A Pod that mounts /etc of its node");
    expect(page).toContain("### A DaemonSet that mounts a ConfigMap");
  });

  test("the lists have it in its place and are else as they were", async () => {
    copyRepository();
    const [index, readme] = [read("policies/index.ts"), read("README.md")];
    for (const id of ["zzz-last", "aaa-first", "host-network-port", "host-network-port-conflict-2"]) expect(await run(id)).toBe(0);
    const ids = [...read("policies/index.ts").matchAll(/^import \w+ from "\.\/(.+)\.js";$/gm)].map(([, id]) => id);
    expect(ids).toEqual(ids.toSorted());
    expect(ids).toEqual(expect.arrayContaining(["zzz-last", "aaa-first", "host-network-port", "host-network-port-conflict-2"]));
    const names = [...read("policies/index.ts").matchAll(/^ {2}(\w+),$/gm)].map(([, name]) => name);
    expect(names).toEqual([...read("policies/index.ts").matchAll(/^import (\w+) /gm)].map(([, name]) => name));
    const rows = [...read("README.md").matchAll(/^\| \[(.+?)\]\(docs\/rules\//gm)].map(([, id]) => id);
    expect(rows).toEqual(rows.toSorted());
    expect(rows).toEqual(expect.arrayContaining(["zzz-last", "aaa-first", "host-network-port", "host-network-port-conflict-2"]));
    const isOld = (line: string): boolean => !/zzz-?[Ll]ast|aaa-?[Ff]irst|port-conflict-2|PortConflict2|network-port[.\]]|NetworkPort[ ,]/.test(line);
    expect(read("policies/index.ts").split("\n").filter(isOld).join("\n")).toBe(index);
    expect(read("README.md").split("\n").filter(isOld).join("\n")).toBe(readme);
  });

  test("nothing is written where a list cannot be read", async () => {
    copyRepository();
    writeFileSync(join(root, "policies/index.ts"), "export const rules = [];\n");
    expect(await run("host-network-new")).toBe(2);
    expect(said).toEqual(["error: `policies/index.ts` does not list the rules as it should", "help: restore it, then try again"]);
    expect(existsSync(join(root, "policies/host-network-new.ts"))).toBe(false);
  });

  test("a rule or cases that are there stay", async () => {
    copyRepository();
    expect(await run("restrict-host-network")).toBe(2);
    expect(said).toEqual(["error: rule `restrict-host-network` exists already: `policies/restrict-host-network.ts`", "help: give the new rule another id"]);
    mkdirSync(join(root, "test/cases"), { recursive: true });
    writeFileSync(join(root, "test/cases/mine.yaml"), "cases: []\n");
    expect(await run("mine")).toBe(2);
    expect(read("test/cases/mine.yaml")).toBe("cases: []\n");
  });
});

describe("in a folder of somebody else's rules", { timeout: 60_000 }, () => {
  test("the rule compiles against the package, and its cases lie beside it", async () => {
    expect(await run("own-rule", "--rules", "rules")).toBe(0);
    expect(said.slice(0, 2)).toEqual(["added    rules/own-rule.ts", "added    rules/cases/own-rule.yaml"]);
    expect(read("rules/own-rule.ts")).toContain('from "hostnetwork-policies";');
    const { rule, cases } = compiled("rules/own-rule.ts", "rules/cases/own-rule.yaml");
    for (const { name, request, parameters, violations } of cases) {
      expect(celEvaluator(rule.cel(complete(rule.schema, parameters)))(request), name).toBe(messageText("own-rule", violations));
    }
    expect(await run("own-rule", "--rules", "./rules/")).toBe(2);
  });
});

test.each([
  ["Host-Network", "`Host-Network` is not kebab-case", "write lower-case words joined by `-`"],
  ["host_network", "`host_network` is not kebab-case", "write lower-case words joined by `-`"],
  ["../rule", "`../rule` is not kebab-case", "write lower-case words joined by `-`"],
  ["a".repeat(64), `\`${"a".repeat(64)}\` has more than 63 characters`, "Kubernetes takes no longer name of a kind"],
  ["index", "no rule can be called `index`", "the generator has another use for the name"],
])("%s is no id", async (id, message, help) => {
  expect(await run(id)).toBe(2);
  expect(said).toEqual([`error: ${message}`, `help: ${help}`]);
  expect(readdirSync(root)).toEqual([]);
});

test.each([[[]], [["a", "b"]], [["a", "--unknown"]]])("%j is wrong usage", async (given) => {
  expect(await run(...given)).toBe(2);
  expect(said.join("\n")).toMatch(/error: /);
  expect(readdirSync(root)).toEqual([]);
});

test("help is no error", async () => {
  expect(await run("--help")).toBe(0);
  expect(said.join("\n")).toContain("--rules");
});
