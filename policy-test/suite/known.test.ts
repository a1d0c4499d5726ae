/** The policies of the library are known by their content, those of bundles as well. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { globSync } from "tinyglobby";
import { expect, test } from "vitest";
import { readManifest } from "../../manifest/read.js";
import { packageRoot } from "../../wasm/package-root.js";
import { complete } from "../../wasm/parameters.js";
import { packageAssets, readWasmManifest } from "../assets.js";
import type { KubernetesObject } from "../identity.js";
import { isPolicyKind, ruleOfPolicy } from "./known.js";
import { readPolicy } from "./kyverno-policy.js";

const { rules, bundles } = readWasmManifest(packageAssets().manifest);

function policiesOf(pattern: string): KubernetesObject[] {
  const files = globSync(pattern, { cwd: join(packageRoot, "library") }).sort();
  return files.flatMap((file) => readManifest(readFileSync(join(packageRoot, "library", file), "utf8"), file).documents.map(({ object }) => object)).filter(({ kind }) => isPolicyKind(kind));
}

test("every template and policy is known", () => {
  const templates = policiesOf("gatekeeper/*/template.yaml");
  expect(templates.map((policy) => ruleOfPolicy(policy, rules).id)).toEqual(rules.map(({ id }) => id));
  const policies = policiesOf("{kyverno,admission-policy}/*/**/*.yaml").filter(({ metadata }) => !JSON.stringify(metadata).includes("-fix"));
  expect(policies.length).toBeGreaterThan(60);
  for (const policy of policies) expect(() => ruleOfPolicy(policy, rules)).not.toThrow();
});

test("the policies of bundles carry the bundle's parameters", () => {
  const read = bundles.flatMap(({ name, rules: bundled }) =>
    policiesOf(`{kyverno,admission-policy}/bundles/${name}/**/*.yaml`).map((policy) => ({ bundled, ...readPolicy(policy, rules) })),
  );
  expect(read.length).toBeGreaterThan(20);
  for (const { bundled, rule, parameters } of read) {
    expect(parameters).toEqual(complete(rule.parameters, bundled.find(({ id }) => id === rule.id)?.parameters));
  }
});
