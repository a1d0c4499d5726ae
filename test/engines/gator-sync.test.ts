/** What a template needs of the cluster is what its SyncSet makes Gatekeeper keep, as gator reads the two. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { requireEngine } from "../../engines/index.js";
import { kindsNeeded, syncSet } from "../../generator/targets/known.js";
import { constraintTemplate } from "../../generator/targets/gatekeeper-template.js";
import { yamlOf } from "../../generator/targets/yaml.js";
import { compiledRule, compiledRules } from "../compiled.js";
import { execute, json, withFiles } from "./process.js";

const library = fileURLToPath(new URL("../../library/gatekeeper", import.meta.url));
const ids = compiledRules.filter((rule) => kindsNeeded(rule).length > 0).map((rule) => rule.meta.id);

/** Runs `gator sync test`; it takes every kind that is asked for to be one of the cluster. */
const syncTest = async (files: readonly string[], folder: string): Promise<{ status: number; output: string }> => {
  const given = ["sync", "test", "--force-omit-gvk-manifest", ...files.flatMap((file) => ["--filename", file])];
  const { status, stdout, stderr } = await execute(requireEngine("gator").path, given, folder);
  return { status, output: stdout + stderr };
};

test("rules that look beyond the object, and only they, have a SyncSet", () => {
  expect(ids).not.toEqual([]);
  expect(compiledRules.filter((rule) => existsSync(join(library, rule.meta.id, "syncset.yaml"))).map((rule) => rule.meta.id)).toEqual(ids);
});

describe.each(ids)("%s", (id) => {
  test("has all it needs with its SyncSet", async () => {
    expect(await syncTest(["template.yaml", "syncset.yaml"], join(library, id))).toMatchObject({ status: 0 });
  });

  test("lacks all it needs without", async () => {
    const { status, output } = await syncTest(["template.yaml"], join(library, id));
    expect(status).not.toBe(0);
    for (const { kind } of kindsNeeded(compiledRule(id))) expect(output).toMatch(new RegExp(`\\b${kind}\\b`));
  });

  test.each(kindsNeeded(compiledRule(id)).map((row) => [row.kind, row] as const))("misses %s where the SyncSet leaves it out", async (kind, row) => {
    const rule = compiledRule(id);
    const gvks = kindsNeeded(rule).filter((other) => other !== row).map(({ group, version, kind }) => ({ group, version, kind }));
    // A SyncSet of no kind at all is none: it keeps one that nobody asks for.
    if (gvks.length === 0) gvks.push({ group: "", version: "v1", kind: "ConfigMap" });
    const files = new Map([
      ["template.yaml", yamlOf(constraintTemplate(rule))],
      ["syncset.yaml", json({ ...syncSet(rule), spec: { gvks } })],
    ]);
    const { status, output } = await withFiles(files, (folder) => syncTest([...files.keys()], folder));
    expect(status).not.toBe(0);
    expect(output).toMatch(new RegExp(`\\b${kind}\\b`));
  });
});
