/** The emitted Rego is Rego v1 as opa's own tools want it, and holds nothing that nobody asks for. */
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { requireEngine } from "../../engines/index.js";
import { isObject } from "../../generator/schema/json.js";
import { kindOf } from "../../generator/targets/names.js";
import { regoModules } from "../../generator/wasm.js";
import { compiledRules } from "../compiled.js";
import { execute, withFiles } from "./process.js";

/** Every module that is made of the rules: of the ConstraintTemplates, and of the wasm. */
const modules = new Map([
  ...compiledRules.map((rule): [string, string] => [
    `gatekeeper/${rule.meta.id}.rego`,
    rule.rego([kindOf(rule.meta.id).toLowerCase()], ["input", "parameters"]),
  ]),
  ...[...regoModules(compiledRules)].map(([path, text]): [string, string] => [`wasm/${path}`, text]),
]);

/** What is asked for from outside the module. */
const entrypoints = ["violation", "findings"];

const opa = (given: readonly string[], folder?: string) => execute(requireEngine("opa").path, given, folder);

test("opa check --strict has nothing to say", async () => {
  const { status, stdout, stderr } = await withFiles(modules, (folder) => opa(["check", "--strict", "."], folder));
  expect(`${stdout}${stderr}`).toBe("");
  expect(status).toBe(0);
});

test("opa fmt --diff has nothing to change", async () => {
  const { status, stdout, stderr } = await withFiles(modules, (folder) => opa(["fmt", "--diff", "--fail", "."], folder));
  expect(`${stdout}${stderr}`).toBe("");
  expect(status).toBe(0);
});

describe("every rule of a module is used in it", () => {
  test.each([...modules.keys()])("%s", async (path) => {
    const { stdout } = await withFiles(modules, (folder) => opa(["parse", "--format", "json", join(folder, path)]));
    const rules = rulesOf(JSON.parse(stdout));
    expect(rules.length).toBeGreaterThan(0);
    const unused = rules.filter(({ name }) => !entrypoints.includes(name) && !rules.some((other) => other.name !== name && other.names.has(name)));
    expect(unused.map(({ name }) => name)).toEqual([]);
  });

  test("an unused one is found", async () => {
    const text = "package p\n\nviolation contains 1 if used(2)\n\nused(x) if x > 1\n\nunused(x) if unused_too(x)\n\nunused_too(x) if x > 2\n";
    const { stdout } = await withFiles(new Map([["p.rego", text]]), (folder) => opa(["parse", "--format", "json", "p.rego"], folder));
    const rules = rulesOf(JSON.parse(stdout));
    expect(rules.filter(({ name }) => !rules.some((other) => other.names.has(name))).map(({ name }) => name)).toEqual(["violation", "unused"]);
  });
});

interface Rule {
  readonly name: string;
  /** The variables that its head and body speak of, names of other rules among them. */
  readonly names: ReadonlySet<string>;
}

/** The rules in what `opa parse` prints. */
function rulesOf(module: unknown): Rule[] {
  const rules = isObject(module) && Array.isArray(module["rules"]) ? module["rules"].filter(isObject) : [];
  return rules.map((rule) => {
    const head = isObject(rule["head"]) ? rule["head"] : {};
    const { name, ref, ...rest } = head;
    const [first] = Array.isArray(ref) ? ref.filter(isObject) : [];
    // `else` is a rule inside a rule, of the same name.
    return { name: String(name ?? first?.["value"]), names: new Set(variablesIn([rest, rule["body"], rule["else"]])) };
  });
}

function variablesIn(value: unknown): string[] {
  if (Array.isArray(value)) return value.flatMap(variablesIn);
  if (!isObject(value)) return [];
  if (value["type"] === "var" && typeof value["value"] === "string") return [value["value"]];
  return Object.values(value).flatMap(variablesIn);
}
