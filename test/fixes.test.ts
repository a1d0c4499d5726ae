/**
 * Fixes: after `--fix` the finding is gone and nothing else has changed, for every case and for generated workloads in
 * many styles of YAML; and the CEL of the mutations makes the same object.
 */
import { readdirSync, readFileSync } from "node:fs";
import fc from "fast-check";
import { dump } from "js-yaml";
import { describe, expect, test } from "vitest";
import { parsePath } from "../manifest/path.js";
import { readManifest } from "../manifest/read.js";
import { typeErrors } from "../manifest/validate.js";
import { withValue } from "../manifest/fix.js";
import type { Parameters, ReviewRequest } from "../manifest/run.js";
import { workloadKindOf } from "../manifest/view.js";
import { createChecker, type Checker } from "../policy-test/check.js";
import { fixText, type FixedText } from "../policy-test/fix/text.js";
import type { RuleManifest } from "../wasm/manifest.js";
import { packageAssets, readWasmManifest } from "../policy-test/assets.js";
import { workloadKinds } from "../policies/kit/workload-kinds.js";
import { byRulePathMessage } from "../wasm/evaluate.js";
import { loadCases } from "./cases.js";
import { completeParameters } from "./compiled.js";
import { celMutator } from "./executors/cel.js";
import { runInJs } from "./executors/js.js";
import { fixablePaths, fixed, mutated, rulesWithFix, rulesWithMutation } from "./fixes.js";
import { parametersArbitrary, requestArbitrary, workloadArbitrary, type Json } from "./generators.js";
import { rewrap } from "./rewrap.js";

const manifests = new Map(readWasmManifest(packageAssets().manifest).rules.map((rule) => [rule.id, rule]));

function manifestOf(id: string): RuleManifest {
  const rule = manifests.get(id);
  if (rule === undefined) throw new Error(`there is no rule ${id}`);
  return rule;
}

/** A checker of one rule with these parameters, which runs its TypeScript. */
function checkerOf(id: string, given: Parameters): Checker {
  const { severity, enforcement, reviews, needs } = manifestOf(id);
  return createChecker({
    rules: [{ id, severity, enforcement, reviews, needs, parameters: completeParameters(id, given) }],
    engine: (review) => runInJs(id, review, given).map((each) => ({ rule: id, ...each })).sort(byRulePathMessage),
    namespace: "default",
  });
}

const fix = (id: string, text: string, parameters: Parameters): FixedText => fixText(text, "a.yaml", checkerOf(id, parameters), new Map([[id, manifestOf(id)]]));
const objectsOf = (text: string): readonly unknown[] => readManifest(text, "a.yaml").documents.map(({ object }) => object);

describe("the rules with a fix", () => {
  test("are these, and the manifest of the wasm says so", () => {
    expect(rulesWithFix.map(({ id }) => id)).toEqual(["host-network-dns-policy", "host-network-read-only-host-path"]);
    for (const { id, fix: declared } of rulesWithFix) expect(manifestOf(id).fix).toEqual(declared);
    expect(rulesWithMutation.map(({ id }) => id)).toEqual(["host-network-dns-policy"]);
  });
});

describe("the library", () => {
  const library = new URL("../library/", import.meta.url);
  const kustomizations = readdirSync(library, { recursive: true, encoding: "utf8" }).filter((path) => path.endsWith("kustomization.yaml"));

  test("has mutations of each rule that wants them, which no kustomization but their own installs", () => {
    const own = rulesWithMutation.flatMap(({ id }) => [`admission-policy/${id}/mutate`, `kyverno/${id}/cluster-policy-mutate`, `kyverno/${id}/mutate`]);
    expect(kustomizations.filter((path) => path.includes("mutate")).map((path) => path.replace("/kustomization.yaml", "")).sort()).toEqual(own.sort());
    for (const path of kustomizations) expect(readFileSync(new URL(path, library), "utf8")).not.toContain("mutate");
  });

  test("describes what they leave alone, and does not match it", () => {
    for (const { id } of rulesWithMutation) {
      const policy = readFileSync(new URL(`kyverno/${id}/mutate/${id}-fix.yaml`, library), "utf8");
      const [description = ""] = /policies.kyverno.io\/description: .*\n.*/.exec(policy) ?? [];
      for (const word of ["kube-system", "any other value", "Pods and Jobs that exist", "a controller owns"]) expect(description).toContain(word);
      expect(policy).toMatch(/operator: NotIn\n\s+values:\n\s+- kube-system\n/);
    }
  });
});

describe.each(rulesWithFix)("--fix of $id", ({ id, fix: declared }) => {
  const cases = loadCases().filter((each) => each.rule === id);
  const titled = cases.map((each) => [each.name, each] as const);

  test("has cases to fix, and cases to leave alone", () => {
    const counts = cases.map(({ request, parameters }) => fixablePaths(id, declared, request.object, parameters).length);
    expect(counts.filter((count) => count > 0).length).toBeGreaterThan(5);
    expect(counts.filter((count) => count === 0).length).toBeGreaterThan(5);
  });

  test.each(titled)("%s", (_, { request: { object }, parameters }) => {
    if (typeErrors(object).length > 0) return; // no finding is reported for it
    const paths = fixablePaths(id, declared, object, parameters);
    for (const text of [dump(object), dump(object, { flowLevel: 3 }), JSON.stringify(object), JSON.stringify(object, null, 2)]) {
      const result = fix(id, text, parameters);
      const refused = result.notFixed.filter(({ path }) => paths.includes(path)).map(({ path }) => path);
      // js-yaml writes what occurs twice with an anchor, and that is not to be fixed.
      if (!text.includes("&ref")) expect(refused).toEqual([]);
      const done = paths.filter((path) => !refused.includes(path));
      expect(result.fixed.map(({ path }) => path).sort()).toEqual([...done].sort());
      expect(objectsOf(result.text)).toEqual([done.reduce<unknown>((changed, path) => withValue(changed, parsePath(path), declared.to), objectsOf(text)[0])]);
      expect(result.report.findings.filter(({ path }) => done.includes(path))).toEqual([]);
      expect(fix(id, result.text, parameters)).toMatchObject({ text: result.text, fixed: [] });
    }
  });

  test("changes nothing but the field, in any style", () => {
    const style = fc.record({
      indent: fc.constantFrom(2, 3, 4, 8),
      seqNoIndent: fc.boolean(),
      flowLevel: fc.constantFrom(-1, -1, -1, 0, 2, 3, 4, 5, 6),
      lineWidth: fc.constantFrom(20, 80, -1),
      noRefs: fc.boolean(),
      sortKeys: fc.boolean(),
    });
    const written = fc.oneof(
      { weight: 5, arbitrary: style.map((options) => (object: Json): string => dump(object, options)) },
      { weight: 1, arbitrary: fc.constantFrom("", "  ", "\t").map((space) => (object: Json): string => JSON.stringify(object, null, space)) },
    );
    const decorated = fc.constantFrom<(text: string) => string>(
      (text) => text,
      (text) => text.replaceAll("\n", "\r\n"),
      (text) => text.trimEnd(),
      (text) => `# head\n---\n${text}---\n${text}`,
      (text) => text.replace(/^(\s*(?:hostNetwork|dnsPolicy|mountPath|readOnly): \S+)$/gm, "$1  # why"),
      (text) => `--- # first\n${text}\n...\n`,
    );
    let count = 0;
    fc.assert(
      fc.property(workloadArbitrary, parametersArbitrary(id), written, decorated, (object, parameters, write, decorate) => {
        const text = decorate(write(object));
        const before = readManifest(text, "a.yaml");
        if (before.errors.length > 0) return; // two JSON texts in one file, and the like
        const result = fix(id, text, parameters);
        count += result.fixed.length;
        const after = objectsOf(result.text);
        const wanted = before.documents.map((document) => {
          const refused = result.notFixed.map(({ path }) => path);
          if (typeErrors(document.object).length > 0) return document.object;
          const paths = fixablePaths(id, declared, document.object, parameters).filter((path) => !refused.includes(path));
          return paths.reduce<unknown>((changed, path) => withValue(changed, parsePath(path), declared.to), document.object);
        });
        expect(after).toEqual(wanted);
        expect(fix(id, result.text, parameters).text).toBe(result.text);
        // Every line stays, but for one each that is written into.
        const lines = (each: string): string[] => each.split(/(?<=\n)/);
        expect(lines(text).filter((line) => !lines(result.text).includes(line)).length).toBeLessThanOrEqual(result.fixed.length);
      }),
      { numRuns: 300 },
    );
    expect(count).toBeGreaterThan(5);
  });
});

describe.each(rulesWithMutation)("the mutation of $id", ({ id, fix: declared, mutation }) => {
  const mutate = (request: ReviewRequest, parameters: Parameters): unknown => celMutator(mutation.cel(completeParameters(id, parameters)))(request);
  /** The match of the policy leaves some requests out; the CEL is not asked about those. */
  const isMatched = ({ object, operation }: ReviewRequest): boolean =>
    workloadKindOf(object) !== undefined && operation !== "DELETE" && !(operation === "UPDATE" && workloadKindOf(object)?.isFrozen === true);

  test.each(loadCases().filter((each) => each.rule === id).map((each) => [each.name, each] as const))("%s", (_, { request, parameters }) => {
    if (!isMatched(request)) return;
    const object = withNamespace(request.object);
    expect(mutate({ ...request, object }, parameters)).toEqual(mutated(id, declared, { ...request, object }, parameters));
  });

  test("makes of each kind what --fix makes of it", () => {
    const pod: Json = { apiVersion: "v1", kind: "Pod", metadata: { name: "a" }, spec: { hostNetwork: true, containers: [{ name: "a", image: "b" }] } };
    for (const { object } of workloadKinds.map((row) => rewrap(pod, row))) {
      const result = mutate({ object, operation: "CREATE" }, {});
      expect(result).toEqual(fixed(id, declared, object, {}));
      expect(result).not.toEqual(object);
      expect(objectsOf(fix(id, dump(object), {}).text)).toEqual([result]);
    }
  });

  test("is as the TypeScript says, for generated requests and parameters", () => {
    let count = 0;
    fc.assert(
      fc.property(requestArbitrary, parametersArbitrary(id), (given, parameters) => {
        const request = { ...given, object: withNamespace(given.object) };
        if (!isMatched(request)) return;
        const expected = mutated(id, declared, request, parameters);
        if (expected !== request.object) count += 1;
        expect(mutate(request, parameters)).toEqual(expected);
      }),
      { numRuns: 600 },
    );
    expect(count).toBeGreaterThan(20);
  });
});

/** The namespace that the match of a mutation leaves out, as another one. */
function withNamespace(object: unknown): Json {
  const { metadata, ...rest } = object as Json; // cases and generators give objects
  const { namespace, ...others } = (metadata ?? {}) as Json; // likewise
  return { ...rest, ...(metadata === undefined ? {} : { metadata: { ...others, ...(namespace === undefined || namespace === "kube-system" ? {} : { namespace }) } }) };
}
