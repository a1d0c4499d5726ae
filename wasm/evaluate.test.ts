import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import type { ReviewRequest } from "../manifest/run.js";
import { loadEvaluator, type EvaluatorManifest, type RuleParameters } from "./evaluate.js";

const fixture = fileURLToPath(new URL("fixtures/fixture.wasm", import.meta.url));

const digest = createHash("sha256").update(readFileSync(fixture)).digest("hex");

const manifestOf = (entrypoint: string, wasm = digest): EvaluatorManifest => ({
  wasm,
  entrypoint: `fixture/${entrypoint}`,
  rules: [
    { id: "toy-host-network", parameters: { properties: { allowed: {} } } },
    { id: "toy-image-suffix", parameters: { properties: { forbidden: {} } } },
  ],
});

const parameters: RuleParameters = {
  "toy-host-network": { allowed: [] },
  "toy-image-suffix": { forbidden: { suffixes: [":latest", ":dev"] } },
};

const pod = (name: string, images: readonly string[] = []): Record<string, unknown> => ({
  kind: "Pod",
  metadata: { name },
  spec: { hostNetwork: true, containers: images.map((image) => ({ image })) },
});

const load = (entrypoint = "findings") => loadEvaluator(fixture, manifestOf(entrypoint));

/** What a caller without types might pass. */
const untyped = (value: unknown): ReviewRequest => value as ReviewRequest;

describe("findings", () => {
  test("come sorted by rule, path and message", async () => {
    const { evaluate } = await load();
    expect(evaluate({ object: pod("a", ["x:latest", "y:dev", "z:1"]) }, parameters)).toEqual([
      { rule: "toy-host-network", path: "spec.hostNetwork", message: "default/a uses the host network" },
      { rule: "toy-image-suffix", path: "spec.containers[0].image", message: "image x:latest ends in :latest" },
      { rule: "toy-image-suffix", path: "spec.containers[1].image", message: "image y:dev ends in :dev" },
    ]);
  });

  test("are of the rules named in the parameters only", async () => {
    const { evaluate } = await load();
    expect(evaluate({ object: pod("a", ["x:latest"]) }, { "toy-host-network": { allowed: ["a"] } })).toEqual([]);
  });

  test("keep text as it is: NUL, quotes, characters beyond the BMP", async () => {
    const { evaluate } = await load();
    const name = 'a\u0000"\\\u{1f600}';
    expect(evaluate({ object: pod(name) }, { "toy-host-network": { allowed: [] } })[0]?.message).toBe(
      `default/${name} uses the host network`,
    );
  });

  test("do not depend on the object evaluated before, however big", async () => {
    const { evaluate } = await load();
    const images = Array.from({ length: 2000 }, (_, index) => `${"x".repeat(1000)}${String(index)}:latest`);
    expect(evaluate({ object: pod("big", images) }, parameters)).toHaveLength(2001);
    expect(evaluate({ object: pod("small") }, parameters)).toHaveLength(1);
  });
});

describe("a cluster", () => {
  const needy: EvaluatorManifest = { ...manifestOf("findings"), rules: manifestOf("findings").rules.map((rule, index) => (index === 0 ? { ...rule, needs: ["inventory"] } : rule)) };
  const inventory = [pod("other")];
  const clean = { ...pod("a", ["x:latest"]), spec: { containers: [{ image: "x:latest" }] } };

  test("changes nothing for rules that do not read it", async () => {
    const { evaluate } = await load();
    const object = pod("a", ["x:latest"]);
    expect(evaluate({ object, inventory }, parameters)).toEqual(evaluate({ object }, parameters));
  });

  test("is asked about in a second call, and the findings of both come sorted", async () => {
    const { evaluate } = await loadEvaluator(fixture, needy);
    const object = pod("a", ["x:latest"]);
    expect(evaluate({ object, inventory }, parameters)).toEqual(evaluate({ object }, parameters));
    expect(evaluate({ object, inventory }, parameters).map(({ rule }) => rule)).toEqual(["toy-host-network", "toy-image-suffix"]);
  });

  test("is not asked about where no rule that reads it looks at the object", async () => {
    const { evaluate } = await loadEvaluator(fixture, needy);
    // Reading the list would throw.
    const untouched = new Proxy(inventory, { get: (target, name): unknown => (name === "entries" ? () => { throw new Error("read"); } : Reflect.get(target, name)) });
    expect(evaluate({ object: clean, inventory: untouched }, parameters).map(({ rule }) => rule)).toEqual(["toy-image-suffix"]);
    expect(() => evaluate({ object: pod("a"), inventory: untouched }, parameters)).toThrow("read");
  });
});

describe("what the SDK would pass as clean is an error", () => {
  const reviews: readonly [string, unknown][] = [
    ["undefined", undefined],
    ["null", null],
    ["an empty text", ""],
    ["JSON text", JSON.stringify({ object: pod("a") })],
    ["a Buffer", Buffer.from(JSON.stringify({ object: pod("a") }))],
    ["a list", [{ object: pod("a") }]],
    ["a review without object", {}],
    ["an object as JSON text", { object: JSON.stringify(pod("a")) }],
    ["an object as bytes", { object: new Uint8Array([123, 125]) }],
    ["an object that is null", { object: null }],
    ["an object that is a list", { object: [pod("a")] }],
    ["an object that is a Map", { object: new Map() }],
  ];
  test.each(reviews)("%s as review", async (_, review) => {
    const { evaluate } = await load();
    expect(() => evaluate(untyped(review), parameters)).toThrow(TypeError);
  });

  const parameterCases: readonly [string, unknown, string][] = [
    ["none at all", null, "parameters must be a plain object"],
    ["an unknown rule", { stranger: {} }, "no rule `stranger`"],
    ["parameters as text", { "toy-host-network": "{}" }, "must be a plain object"],
    ["a missing parameter", { "toy-host-network": {} }, "rule `toy-host-network` lacks its parameter `allowed`"],
  ];
  test.each(parameterCases)("%s as parameters", async (_, given, message) => {
    const { evaluate } = await load();
    expect(() => evaluate({ object: pod("a") }, given as RuleParameters)).toThrow(message);
  });

  const answers: readonly [string, string][] = [
    ["undefined_result", "the policy module gave no result"],
    ["text_result", "the policy module gave no result"],
    ["malformed_result", 'malformed finding: {"msg":"no path","rule":"toy-host-network"}'],
    ["stranger_result", "malformed finding"],
  ];
  test.each(answers)("the answer of %s", async (entrypoint, message) => {
    const { evaluate } = await load(entrypoint);
    expect(() => evaluate({ object: pod("a") }, parameters)).toThrow(message);
  });
});

describe("whatever the SDK throws becomes an Error with its text", () => {
  const failures: readonly [string, ReviewRequest, string][] = [
    ["conflict_result", { object: pod("a") }, "the policy module failed: fixture.rego:46:1: var assignment conflict"],
    ["missing_builtin", { object: pod("a") }, "not implemented: built-in function 0: crypto.md5"],
    ["findings", { object: pod("\ud800") }, "the policy module failed: illegal string escape character"],
    ["findings", { object: { ...pod("a"), big: 1n } }, "serialize a BigInt"],
  ];
  test.each(failures)("%s", async (entrypoint, review, message) => {
    const { evaluate } = await load(entrypoint);
    expect(() => evaluate(review, parameters)).toThrow(Error);
    expect(() => evaluate(review, parameters)).toThrow(message);
  });

  test("and the next object is evaluated by a fresh instance", async () => {
    const { evaluate } = await load();
    for (let round = 0; round < 50; round++) {
      expect(() => evaluate({ object: pod("\ud800") }, parameters)).toThrow("the policy module failed");
      expect(evaluate({ object: pod("a") }, parameters)).toHaveLength(1);
    }
  });
});

describe("loading", () => {
  test("takes bytes as well as a path", async () => {
    const { evaluate } = await loadEvaluator(readFileSync(fixture), manifestOf("findings"));
    expect(evaluate({ object: pod("a") }, parameters)).toHaveLength(1);
  });

  test("says what is wrong with the module", async () => {
    await expect(loadEvaluator("/no/such.wasm", manifestOf("findings"))).rejects.toThrow(
      "cannot load the policy module: ENOENT",
    );
    await expect(loadEvaluator(new Uint8Array([1, 2, 3, 4]), manifestOf("findings"))).rejects.toThrow(
      "cannot load the policy module",
    );
    await expect(loadEvaluator(fixture, manifestOf("findings", "0".repeat(64)))).rejects.toThrow(
      "cannot load the policy module: it is not the module that its manifest speaks of; run `npm run generate`",
    );
    await expect(load("no_such")).rejects.toThrow("the policy module has no entrypoint `fixture/no_such`");
  });
});
