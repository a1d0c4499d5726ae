import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

import { load } from "js-yaml";
import { describe, expect, test } from "vitest";

import { valueAt } from "../test/json.js";
import { isObject } from "./schema/json.js";
import { tinyRule } from "./targets/fixtures/tiny-rule.js";
import { libraryFiles } from "./targets/library.js";
import type { Files } from "./targets/yaml.js";
import { parseVersions, readVersions, refuseStrangers } from "./versions.js";

const release = { version: "2.1.0", released: "2026-01-31" };
const library = { name: "tiny", version: "0.3.0", released: "2026-02-01", license: "Apache-2.0" };
const releasedRule = { ...tinyRule, meta: { ...tinyRule.meta, release } };
const bundle = { name: "all", file: "fixtures/bundles/all.yaml", title: "All", description: "Everything.", rules: [{ rule: releasedRule, enforcement: "warn", parameters: {} }] } as const;

function document(files: Files, path: string): unknown {
  return load(files.get(path) ?? "");
}

describe("versions.yaml", () => {
  test.each([
    ["rules: {}", /library/],
    ["library: { name: a, version: 0.1, released: 2026-01-31 }\nrules: {}", /version/],
    ["library: { name: a, version: 0.1.0, released: 2026-13-31 }\nrules: {}", /released/],
    ["library: { name: a, version: 0.1.0, released: 2026-01-31 }\nrules: { a: { version: v1.0.0, released: 2026-01-31 } }", /rules\/a\/version/],
    ["library: { name: a, version: 0.1.0, released: 2026-01-31, homepage: x }\nrules: {}", /homepage/],
  ])("is refused where it is malformed: %s", (yaml, message) => {
    expect(() => parseVersions("versions.yaml", yaml)).toThrow(message);
  });

  test("names no rule that does not exist", () => {
    const versions = { library, rules: { gone: release } };
    expect(() => {
      refuseStrangers(versions, ["there"]);
    }).toThrow("there is no rule `gone`");
  });

  test("of this repository has the package's version and licence", () => {
    const root = fileURLToPath(new URL("..", import.meta.url));
    const versions = readVersions(`${root}/policies`);
    const manifest: unknown = JSON.parse(readFileSync(`${root}/package.json`, "utf8"));
    expect(versions?.library.version).toBe(valueAt(manifest, "version"));
    expect(versions?.library.license).toBe(valueAt(manifest, "license"));
  });
});

describe("a released library", () => {
  const files = libraryFiles([releasedRule], () => [], "fixtures/", [bundle], library);

  test("says a rule's version in its template", () => {
    expect(valueAt(document(files, "gatekeeper/tiny-host-network/template.yaml"), "metadata", "annotations", "metadata.gatekeeper.sh/version")).toBe("2.1.0");
  });

  test("has a catalogue of templates and of the Constraints of each bundle, all of which are there", () => {
    const catalogue = document(files, "gatekeeper/catalog.yaml");
    expect(valueAt(catalogue, "metadata")).toEqual({ name: "tiny", version: "v0.3.0", updatedAt: "2026-02-01T00:00:00Z" });
    expect(valueAt(catalogue, "bundles")).toEqual([{ name: "all", description: "Everything.", policies: ["tinyhostnetwork"] }]);
    const [policy] = [valueAt(catalogue, "policies")].flat().filter(isObject);
    expect(policy).toMatchObject({ name: "tinyhostnetwork", version: "v2.1.0", bundles: ["all"] });
    for (const path of [valueAt(policy, "templatePath"), valueAt(policy, "bundleConstraints", "all")]) expect([...files.keys()]).toContain(`gatekeeper/${String(path)}`);
  });

  test.each([
    ["gatekeeper", "template.yaml"],
    ["kyverno", "tiny-host-network.yaml"],
  ])("has a package for Artifact Hub, with the digest of the policy: %s", (engine, policy) => {
    const metadata = document(files, `${engine}/tiny-host-network/artifacthub-pkg.yml`);
    const digest = createHash("sha256").update(files.get(`${engine}/tiny-host-network/${policy}`) ?? "").digest("hex");
    expect(metadata).toMatchObject({ name: "tiny-host-network", version: "2.1.0", createdAt: "2026-01-31T00:00:00Z", digest, license: "Apache-2.0" });
    // Artifact Hub refuses a package without these.
    for (const name of ["displayName", "description"]) expect(valueAt(metadata, name)).toMatch(/./);
  });
});

test("what was not released stands in no catalogue", () => {
  const isListed = (path: string): boolean => /artifacthub|catalog/.test(path);
  expect([...libraryFiles([releasedRule], () => [], "fixtures/", [bundle]).keys()].filter(isListed)).toEqual([]);
  const files = libraryFiles([tinyRule], () => [], "fixtures/", [], library);
  expect([...files.keys()].filter(isListed)).toEqual(["gatekeeper/catalog.yaml"]);
  expect(valueAt(document(files, "gatekeeper/catalog.yaml"), "policies")).toEqual([]);
});
