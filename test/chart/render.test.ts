/** What helm renders of the chart is what `policy-test render` makes of the same settings. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { load } from "js-yaml";
import { describe, expect, test } from "vitest";
import { CHART_FOLDER } from "../../charts/chart-files.js";
import { isObject, type JsonObject } from "../../generator/schema/json.js";
import { packageAssets, readWasmManifest } from "../../policy-test/assets.js";
import { policyTest } from "../../policy-test/fixtures/harness.js";
import { renderTargets, type RenderTarget } from "../../policy-test/render/index.js";
import { valueAt } from "../json.js";
import { installed } from "../library-files.js";
import { helm, objectsOf, templated } from "./helm.js";
import { acceptedValues, refusedValues } from "./values.js";

const assets = packageAssets();
const { rules, bundles } = readWasmManifest(assets.manifest);

/** What holds where the values say nothing. */
const defaults = { match: { excludedNamespaces: ["kube-system"] } };

const nameOf = (object: JsonObject): string => `${String(object["kind"])} ${String(valueAt(object, "metadata", "name"))}`;

/** CEL is laid out differently: no white space counts outside of texts, nor the order of the keys of what is written into it. */
function comparable(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(comparable);
  if (!isObject(value)) return value;
  const { name, expression } = value;
  if (name === "parameters" && typeof expression === "string") return { ...value, expression: writtenIn(expression) };
  return Object.fromEntries(Object.entries(value).map(([key, part]) => [key, key === "expression" && typeof part === "string" ? outsideTexts(part, /\s+/) : comparable(part)]));
}

/** The CEL of plain data is JSON, each value of a map in a `dyn(…)`. */
function writtenIn(cel: string): object {
  const data: unknown = JSON.parse(outsideTexts(cel, /dyn\(|\)/));
  const dyn = cel.replaceAll(/"(?:[^"\\]|\\.)*"/g, "").match(/:\s*dyn\(/g)?.length;
  return { data, dyn };
}

const outsideTexts = (cel: string, removed: RegExp): string => cel.replaceAll(new RegExp(`"(?:[^"\\\\]|\\\\.)*"|${removed.source}`, "g"), (token) => (token.startsWith('"') ? token : ""));

const byName = (objects: readonly JsonObject[]): Record<string, unknown> => Object.fromEntries(objects.map((object) => [nameOf(object), comparable(object)]));

async function rendered(settings: object, target: RenderTarget): Promise<Record<string, unknown>> {
  const { code, stdout, stderr } = await policyTest(["render", "--target", target], { assets, files: { "policy-test.yaml": JSON.stringify(settings) } });
  expect(code, stderr).toBe(0);
  return byName(objectsOf(stdout));
}

/** Beside the Constraints, for which `render` takes them to be installed. */
const isOfLibrary = ({ kind }: JsonObject): boolean => kind === "ConstraintTemplate" || kind === "SyncSet";

async function expectSame(settings: object, target: RenderTarget): Promise<void> {
  const objects = templated({ target, ...settings });
  const policies = objects.filter((object) => !isOfLibrary(object));
  expect(policies.length).toBeGreaterThan(0);
  expect(new Set(objects.map(nameOf)).size).toBe(objects.length);
  expect(byName(policies)).toEqual(await rendered({ ...defaults, ...settings }, target));
}

describe.each(renderTargets)("%s", (target) => {
  test.each(bundles.map(({ name }) => name))("bundle %s", async (bundle) => {
    await expectSame({ bundle }, target);
  });

  test("every rule", async () => {
    await expectSame({}, target);
  });

  test.each(acceptedValues)("%s", async (_, settings) => {
    await expectSame(settings, target);
  });

  test.each(refusedValues)("%s is an error of both", async (_, settings) => {
    const { code: ofRender } = await policyTest(["render", "--target", target], { assets, files: { "policy-test.yaml": JSON.stringify({ ...defaults, ...settings }) } });
    const { code, stderr } = helm(["template", "rules", "CHART", "VALUES", "--set=constraints=always"], { target, ...settings });
    expect([ofRender, code], stderr).toEqual([2, 1]);
    expect(stderr).not.toMatch(/nil pointer|panic|wrong type|incompatible types/);
  });

  test("helm lints it, with nothing but a word on the icon", () => {
    for (const bundle of bundles) {
      const { code, stdout, stderr } = helm(["lint", "--strict", "CHART", "VALUES"], { target, constraints: "always", bundle: bundle.name });
      expect(code, stdout + stderr).toBe(0);
      expect(stdout.split("\n").filter((line) => /^\[/.test(line))).toEqual(["[INFO] Chart.yaml: icon is recommended"]);
    }
  });

  test("twice the same", () => {
    const once = (): string => helm(["template", "rules", "CHART", "VALUES", "--set=constraints=always"], { target }).stdout;
    expect(once()).toBe(once());
  });
});

test("the defaults are those of this file", () => {
  expect(load(readFileSync(join(CHART_FOLDER, "values.yaml"), "utf8"))).toEqual({ target: "admission-policy", constraints: "auto", ...defaults, rules: {}, waivers: [] });
});

test("the example's policy-test.yaml is a file of values as it is", async () => {
  const text = readFileSync(new URL("../../examples/policy-test.yaml", import.meta.url), "utf8");
  const own: unknown = load(text);
  expect(byName(templated(text))).toEqual(await rendered({ ...defaults, ...(isObject(own) ? own : {}) }, "admission-policy"));
});

describe("Gatekeeper's templates and SyncSets", () => {
  const exactly = (objects: readonly JsonObject[]): Record<string, unknown> => Object.fromEntries(objects.map((object) => [nameOf(object), object]));
  const libraryOf = (ids: readonly string[]): JsonObject[] => ids.flatMap((id) => installed(`gatekeeper/${id}`));

  test("are the library's", () => {
    const objects = templated({ target: "gatekeeper" }).filter(isOfLibrary);
    expect(exactly(objects)).toEqual(exactly(libraryOf(rules.map(({ id }) => id))));
  });

  test("are those of the rules that are installed", () => {
    const ack = bundles.find(({ name }) => name === "ack")?.rules ?? [];
    const objects = templated({ target: "gatekeeper", bundle: "ack" }).filter(isOfLibrary);
    expect(exactly(objects)).toEqual(exactly(libraryOf(ack.map(({ id }) => id))));
  });

  test("come without Constraints where these are not wanted, or not served yet", () => {
    const kindsOf = (...args: readonly string[]): string[] => objectsOf(helm(["template", "rules", "CHART", "VALUES", ...args], { target: "gatekeeper" }).stdout).filter((object) => !isOfLibrary(object)).map(nameOf);
    expect(kindsOf("--set=constraints=never")).toEqual([]);
    const served = ["--api-versions=templates.gatekeeper.sh/v1"];
    expect(kindsOf(...served)).toEqual([]);
    expect(kindsOf(...served, "--api-versions=constraints.gatekeeper.sh/v1beta1/RestrictHostNetwork")).toEqual(["RestrictHostNetwork restrict-host-network"]);
  });

  test("do not come silently without Constraints where no cluster is asked", () => {
    const { code, stdout, stderr } = helm(["template", "rules", "CHART", "VALUES"], { target: "gatekeeper" });
    expect([code, stdout]).toEqual([1, ""]);
    expect(stderr).toContain("set constraints to always or never");
  });
});
