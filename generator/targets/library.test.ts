import { readFileSync } from "node:fs";
import { posix } from "node:path";

import { load, loadAll } from "js-yaml";
import { describe, expect, test } from "vitest";

import { isObject } from "../schema/json.js";
import { parseCases } from "./cases.js";
import { tinyRule } from "./fixtures/tiny-rule.js";
import { escapeRegExp } from "./gatekeeper-suite.js";
import { libraryFiles } from "./library.js";
import { kebab, kindOf, unique } from "./names.js";
import { yamlOf } from "./yaml.js";

const caseFile = new URL("fixtures/tiny-host-network.yaml", import.meta.url);
const cases = parseCases("tiny-host-network.yaml", readFileSync(caseFile, "utf8"));
const files = libraryFiles([tinyRule], () => cases, "fixtures/");
const gatekeeper = "gatekeeper/tiny-host-network";
const kyverno = "kyverno/tiny-host-network";

function textOf(path: string): string {
  const text = files.get(path);
  if (text === undefined) throw new Error(`no ${path}`);
  return text;
}

/** The values of all fields called `name`, at any depth. */
function fieldsOf(value: unknown, name: string): unknown[] {
  if (Array.isArray(value)) return value.flatMap((element) => fieldsOf(element, name));
  if (!isObject(value)) return [];
  return Object.entries(value).flatMap(([key, entry]) => (key === name ? [entry] : fieldsOf(entry, name)));
}

describe("every file", () => {
  test.each([...files.keys()])("%s says where it comes from and is YAML", (path) => {
    expect(textOf(path).split("\n")[0]).toMatch(/Generated from (generator\/targets\/)?fixtures\/.* by hostnetwork-policies; do not edit\./);
    expect(textOf(path)).toMatch(/[^\n]\n$/);
    if (path.endsWith(".yaml")) expect(() => loadAll(textOf(path))).not.toThrow();
  });

  test("is the same in the next run", () => {
    expect(libraryFiles([tinyRule], () => cases, "fixtures/")).toEqual(files);
  });

  test("that a Kustomization names is there", () => {
    for (const path of [...files.keys()].filter((name) => name.endsWith("/kustomization.yaml"))) {
      const resources = fieldsOf(load(textOf(path)), "resources").flat();
      expect(resources).not.toEqual([]);
      for (const resource of resources) {
        const target = posix.join(posix.dirname(path), String(resource));
        expect([target, `${target}/kustomization.yaml`].some((file) => files.has(file))).toBe(true);
      }
    }
  });
});

describe("the Gatekeeper suite", () => {
  const suite = load(textOf(`${gatekeeper}/suite.yaml`));

  test("runs every case once, against files that are there", () => {
    const names = fieldsOf(fieldsOf(suite, "cases"), "name");
    expect(names.toSorted()).toEqual(cases.map((one) => one.name).toSorted());
    const used = [...fieldsOf(suite, "object"), ...fieldsOf(suite, "constraint"), ...fieldsOf(suite, "template")];
    for (const file of used) expect(files.has(`${gatekeeper}/${String(file)}`)).toBe(true);
  });

  test("has no stray object beside it", () => {
    const used = new Set(["object", "constraint", "template"].flatMap((name) => fieldsOf(suite, name)));
    const there = [...files.keys()].filter((path) => path.startsWith(`${gatekeeper}/`)).map((path) => path.slice(gatekeeper.length + 1));
    expect(there.filter((path) => !used.has(path)).toSorted()).toEqual(["kustomization.yaml", "suite.yaml"]);
  });

  test("gives an UPDATE as a review with its old object", () => {
    expect(load(textOf(`${gatekeeper}/test/default/an-update-of-labels.yaml`))).toMatchObject({
      kind: "AdmissionReview",
      request: { operation: "UPDATE", kind: { group: "", version: "v1", kind: "Pod" }, oldObject: { metadata: { name: "web" } } },
    });
  });

  test("reviews kube-system with a Constraint that does not leave it out", () => {
    expect(textOf(`${gatekeeper}/samples/tiny-host-network/constraint.yaml`)).toContain("      - kube-system\n");
    expect(textOf(`${gatekeeper}/test/every-namespace/constraint.yaml`)).not.toContain("kube-system");
  });

  test("asserts the whole message", () => {
    expect(fieldsOf(suite, "message")).toContain(String.raw`hostNetwork \(of web\) is not allowed; remove it`);
    expect(new RegExp(`^${escapeRegExp("a.b*c+d?e(f)[g]{h}|i^$\\")}$`).test("a.b*c+d?e(f)[g]{h}|i^$\\")).toBe(true);
  });
});

describe("the Kyverno tests", () => {
  const tests = loadAll(textOf(`${kyverno}/kyverno-test.yaml`));

  test("never hold two objects of one kind and name in one file, which the CLI would drop", () => {
    expect(fieldsOf(tests, "resources").flat()).toEqual([
      "resources/allowed.yaml",
      "resources/disallowed.yaml",
      "resources/disallowed-2.yaml",
      "resources/disallowed-cli.yaml",
    ]);
    expect(loadAll(textOf(`${kyverno}/resources/disallowed.yaml`))).toHaveLength(2);
  });

  test("keep apart what no cluster could be asked about", () => {
    // chainsaw asks for an object by its name.
    expect(load(textOf(`${kyverno}/resources/disallowed-cli.yaml`))).toMatchObject({ kind: "Pod", metadata: { generateName: "web-" } });
  });

  test("ask both forms for the same", () => {
    const legacy = loadAll(textOf(`${kyverno}/cluster-policy/kyverno-test.yaml`));
    expect(fieldsOf(legacy, "result")).toEqual(fieldsOf(tests, "result"));
    expect(fieldsOf(legacy, "resources").flat()).toEqual(fieldsOf(tests, "resources").flat().map((file) => `../${String(file)}`));
    expect(fieldsOf(legacy, "rule")).toEqual(["tiny-host-network", "tiny-host-network", "tiny-host-network", "tiny-host-network"]);
  });
});

describe("the chainsaw tests", () => {
  const paths = [...files.keys()].filter((path) => path.endsWith("/chainsaw-test.yaml"));

  test("are there for both forms, and name files that are there", () => {
    expect(paths).toEqual([`${kyverno}/.chainsaw-test/chainsaw-test.yaml`, `${kyverno}/cluster-policy/.chainsaw-test/chainsaw-test.yaml`]);
    for (const path of paths) {
      const named = fieldsOf(load(textOf(path)), "file").map((file) => posix.join(posix.dirname(path), String(file)));
      expect(named.length).toBeGreaterThan(3);
      expect(named.filter((file) => !files.has(file))).toEqual([]);
    }
  });

  test("ask about everything that a cluster can be asked about, as dry runs, what is refused first", () => {
    const creates = fieldsOf(load(textOf(paths[0] ?? "")), "create").filter(isObject);
    expect(creates.map(({ file, dryRun, expect: expected }) => [file, dryRun, expected !== undefined])).toEqual([
      ["../resources/disallowed.yaml", true, true],
      ["../resources/disallowed-2.yaml", true, true],
      ["../resources/allowed.yaml", true, false],
    ]);
  });

  test("are left out where nothing is refused", () => {
    const bare = libraryFiles([tinyRule], () => cases.filter(({ violations }) => violations.length === 0), "fixtures/");
    expect([...bare.keys()].filter((path) => path.includes("chainsaw"))).toEqual([]);
  });
});

test("policies without parameters carry the defaults", () => {
  for (const path of [`${kyverno}/tiny-host-network.yaml`, "admission-policy/tiny-host-network/policy.yaml"]) {
    expect(textOf(path)).toContain("!(variables.name in [])");
    expect(textOf(path)).not.toContain("variables.params");
  }
});

test("a rule without cases has no tests", () => {
  const bare = [...libraryFiles([tinyRule], () => [], "fixtures/").keys()];
  expect(bare.filter((path) => /suite|kyverno-test|example_|resources\//.test(path))).toEqual([]);
  expect(bare).toContain(`${gatekeeper}/samples/tiny-host-network/constraint.yaml`);
});

test("code stands in literal blocks, tabs and apostrophes included", () => {
  const document = { rego: "a if {\n\tb\n}\n", message: "the node's: x", plain: "it's fine" };
  expect(yamlOf(document)).toBe("rego: |\n  a if {\n  \tb\n  }\nmessage: |-\n  the node's: x\nplain: it's fine\n");
  expect(load(yamlOf(document))).toEqual(document);
});

test("names", () => {
  expect(kindOf("host-network-dns-policy")).toBe("HostNetworkDnsPolicy");
  expect(kebab("a Pod's hostNetwork (1/2), set")).toBe("a-pod-s-host-network-1-2-set");
  const taken = new Set<string>();
  expect(["a", "a", "a"].map((name) => unique(name, taken))).toEqual(["a", "a-2", "a-3"]);
});

describe("a malformed case file is an error", () => {
  test.each([
    ["cases: [{ name: a, object: { apiVersion: v1, kind: Pod } }]", /violations/],
    ["cases: [{ name: a, object: { apiVersion: v1, kind: Pod }, operation: UPDATE, violations: [] }]", /oldObject/],
    ["cases: [{ name: a, object: { apiVersion: v1, kind: Pod }, violations: [], extra: 1 }]", /additional/],
    ["{}", /cases/],
  ])("%s", (yaml, message) => {
    expect(() => parseCases("x.yaml", yaml)).toThrow(message);
  });

  test("two cases of one name", () => {
    const one = "{ name: a, object: { apiVersion: v1, kind: Pod }, violations: [] }";
    expect(() => parseCases("x.yaml", `cases: [${one}, ${one}]`)).toThrow('x.yaml: two cases are named "a"');
  });
});
