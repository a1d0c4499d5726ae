/** The bundles by way of a registry: pushed and pulled with oras, and then run by gator and kyverno, they are the library's. */
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { loadAll } from "js-yaml";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { requireEngine } from "../../engines/index.js";
import { isObject, type JsonObject } from "../../generator/schema/json.js";
import { ship } from "../../ship/ship.js";
import { packageRoot } from "../../wasm/package-root.js";
import { findingsOf, gatorFindings, policyTestFindings } from "../engines/bundle-findings.js";
import { execute } from "../engines/process.js";
import { objectsIn, valueAt } from "../json.js";
import { installed } from "../library-files.js";
import { startRegistry, type Registry } from "./registry.js";

const folder = mkdtempSync(join(tmpdir(), "ship-oci-"));
const layout = join(folder, "out", "oci");
const example = join(packageRoot, "examples/bad.yaml");
const tags = ship(join(folder, "out")).filter((tag) => !tag.startsWith("chart-")); // test/ship/chart.test.ts
let registry: Registry;

beforeAll(async () => {
  registry = await startRegistry(join(folder, "registry"));
});
afterAll(async () => {
  await registry.end();
  rmSync(folder, { recursive: true });
});

/** @throws Error where it fails */
async function oras(...given: readonly string[]): Promise<string> {
  const { status, stdout, stderr } = await execute(requireEngine("oras").path, given, folder);
  if (status !== 0) throw new Error(`oras ${given.join(" ")}: ${stdout}${stderr}`);
  return stdout;
}

/** `gatekeeper-ack-0.1.0` as users name it: the repository and its version. */
const referenceOf = (tag: string): string => `${registry.host}/hostnetwork-policies/${tag.replace(/-(?=[^-]*$)/, ":")}`;

const filesIn = (path: string): string[] => readdirSync(path, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
const objectsOf = (path: string): JsonObject[] => filesIn(path).flatMap((file) => loadAll(readFileSync(file, "utf8"))).filter(isObject);
const sorted = (objects: readonly JsonObject[]): string[] => objects.map((object) => JSON.stringify(object)).sort();

/** The folders of the library that a tag holds. */
function sourcesOf(tag: string): string[] {
  const [, engine = "", bundle = ""] = /^(admission-policy|gatekeeper|kyverno)-(.*)-[^-]*$/.exec(tag) ?? [];
  const root = `${engine}/bundles/${bundle}`;
  return engine === "gatekeeper" ? [`${root}/templates`, `${root}/constraints`] : [root];
}

/** Where a tag is pulled to. */
const pulledTo = (tag: string): string => join(folder, "pulled", tag);
const bundleOf = (tag: string): string => tag.split("-")[1] ?? "";

describe.each(tags)("%s", (tag) => {
  test("has the digest of the layout in the registry", async () => {
    await oras("cp", "--from-oci-layout", "--to-plain-http", `${layout}:${tag}`, referenceOf(tag));
    const index: unknown = JSON.parse(readFileSync(join(layout, "index.json"), "utf8"));
    const descriptor = objectsIn(valueAt(index, "manifests")).find((each) => valueAt(each, "annotations", "org.opencontainers.image.ref.name") === tag);
    const stored: unknown = JSON.parse(await oras("manifest", "fetch", "--descriptor", "--plain-http", referenceOf(tag)));
    expect(valueAt(stored, "digest")).toMatch(/^sha256:[0-9a-f]{64}$/);
    expect(valueAt(stored, "digest")).toBe(descriptor?.["digest"]);
  });

  test("is pulled as what kubectl apply -k installs", async () => {
    await oras("pull", "--plain-http", "--output", pulledTo(tag), referenceOf(tag));
    const expected = sourcesOf(tag).flatMap(installed);
    expect(expected.length).toBeGreaterThan(5);
    expect(sorted(objectsOf(pulledTo(tag)))).toEqual(sorted(expected));
  });
});

test.each(tags.filter((tag) => tag.startsWith("gatekeeper-")))("%s finds in gator test --image what policy-test --bundle finds", async (tag) => {
  const expected = await policyTestFindings(bundleOf(tag), "examples/bad.yaml");
  expect(expected.length).toBeGreaterThan(4);
  expect(await gatorFindings(["--image", referenceOf(tag), "--filename", example])).toEqual(expected);
});

test.each(tags.filter((tag) => tag.startsWith("kyverno-")))("%s finds in kyverno apply, of the rules that look at the object alone, what policy-test --bundle finds", async (tag) => {
  const given = ["apply", join(pulledTo(tag), "policies"), "--resource", example, "--policy-report", "--output-format", "json"];
  const { stdout } = await execute(requireEngine("kyverno").path, given, folder);
  const results = objectsIn(valueAt(JSON.parse(stdout), "results"));
  const policiesWith = (result: string): unknown[] => [...new Set(results.filter((each) => each["result"] === result).map((each) => each["policy"]))].sort();
  // These list objects, and the command line has no cluster; nor does it know the labels of a Namespace from a file.
  const listing = ["host-network-network-policy", "host-network-shared-port"];
  expect(policiesWith("error")).toEqual(listing);
  const elsewhere: unknown[] = [...listing, "host-network-pod-security"];
  const findings = await findingsOf(bundleOf(tag), "examples/bad.yaml");
  const expected = [...new Set(findings.map((finding) => valueAt(finding, "rule")))].filter((rule) => !elsewhere.includes(rule)).sort();
  expect(expected.length).toBeGreaterThan(4);
  expect(policiesWith("fail")).toEqual(expected);
});
