/** The tests that ship with the library pass in the engines that people run them with, and are all there. */
import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { loadAll } from "js-yaml";
import { globSync } from "tinyglobby";
import { describe, expect, test } from "vitest";
import { requireEngine } from "../../engines/index.js";
import { isExpressible } from "../../generator/targets/known.js";
import { isObject } from "../../generator/schema/json.js";
import { loadCases } from "../cases.js";
import { compiledRules } from "../compiled.js";
import { execute } from "./process.js";

const library = fileURLToPath(new URL("../../library", import.meta.url));

const filesNamed = (folder: string, name: string): string[] => globSync(`**/${name}`, { cwd: join(library, folder), absolute: true });
const objectsIn = (path: string) => loadAll(readFileSync(path, "utf8")).filter(isObject);
const listIn = (object: Readonly<Record<string, unknown>>, name: string): unknown[] => (Array.isArray(object[name]) ? object[name] : []);

// A path without any suite prints PASS: what counts is how many there are.
describe.each([
  ["CEL", true],
  ["Rego", false],
])("gator verify with %s", (_, cel) => {
  test("passes every case of every rule", async () => {
    const given = ["verify", "--verbose", `--enable-k8s-native-validation=${String(cel)}`, "./gatekeeper/..."];
    const { status, stdout, stderr } = await execute(requireEngine("gator").path, given, library);
    expect(stdout.split("\n").filter((line) => line.includes("FAIL")).join("\n") + stderr).toBe("");
    expect(status).toBe(0);
    const passed = stdout.split("\n").filter((line) => line.startsWith("    --- PASS: "));
    expect(passed).toHaveLength(loadCases().length);
    expect(stdout.split("\n").filter((line) => line.startsWith("ok\t"))).toHaveLength(compiledRules.length);
  });
});

test("kyverno test passes each object that its files name, with both kinds of policy", async () => {
  const files = filesNamed("kyverno", "kyverno-test.yaml");
  // Its cluster is empty, and then rules that list objects fail (kyverno-cluster.test.ts).
  const tested = compiledRules.filter((rule) => !rule.needs.includes("inventory"));
  const policies = tested.flatMap((rule) => (["validating-policy", "cluster-policy"] as const).filter((form) => isExpressible(rule, form)));
  expect(files).toHaveLength(policies.length);
  const expected = files.flatMap((path) =>
    objectsIn(path).map((one) => {
      const objects = listIn(one, "resources").flatMap((resource) => objectsIn(join(dirname(path), String(resource))));
      return objects.length * listIn(one, "results").length;
    }),
  );
  const count = expected.reduce((sum, objects) => sum + objects, 0);
  const { status, stdout } = await execute(requireEngine("kyverno").path, ["test", "kyverno", "--remove-color"], library);
  expect(stdout).toContain(`Test Summary: ${count} tests passed and 0 tests failed`);
  expect(expected.every((objects) => objects > 0)).toBe(true);
  expect(status).toBe(0);
});
