/** What a bundle does with a rule that one target cannot express. Every rule of this library can be expressed by some. */
import { expect, test, vi } from "vitest";

import { parseBundle } from "../bundles.js";
import type { CompiledRule } from "../compiled.js";
import { bundleFiles } from "./bundles.js";
import type * as capabilities from "./capabilities.js";
import { tinyRule } from "./fixtures/tiny-rule.js";
import { pageFiles } from "./pages.js";

vi.mock("./capabilities.js", async (original) => ({
  ...(await original<typeof capabilities>()),
  hasArtefact: (rule: CompiledRule, target: capabilities.Target) => rule.meta.id === "tiny-host-network" ? target !== "cluster-policy" : target === "gatekeeper",
  whyNoArtefact: () => "it sees one object",
}));

const other: CompiledRule = { ...tinyRule, meta: { ...tinyRule.meta, id: "tiny-other" } };
const parse = (yaml: string) => parseBundle("fixtures/bundles/tiny.yaml", `title: Tiny\ndescription: For tests.\n${yaml}`, [tinyRule, other]);

test("the bundle of that target does without it, and its page says so", () => {
  const files = bundleFiles(parse("others: default"));
  expect(files.get("admission-policy/bundles/tiny/kustomization.yaml")).not.toContain("tiny-other");
  expect(files.get("gatekeeper/bundles/tiny/constraints/kustomization.yaml")).toContain("tiny-other");
  const said = "Left out, because nothing that runs here could find it; `policy-test --bundle tiny` does:\n\n- tiny-other: it sees one object\n";
  for (const target of ["kyverno", "admission-policy"]) expect(files.get(`${target}/bundles/tiny/README.md`)).toContain(said);
  expect(files.get("gatekeeper/bundles/tiny/README.md")).not.toContain("Left out");
  expect(files.get("kyverno/bundles/tiny/README.md")).toContain("Not there as ClusterPolicy:\n\n- tiny-host-network: it sees one object\n");
  expect(files.get("kyverno/bundles/tiny/cluster-policy/kustomization.yaml")).toBeUndefined();
});

test("a bundle of which nothing is left has no folder to install there", () => {
  const paths = [...bundleFiles(parse("rules: { tiny-other: }")).keys()];
  expect(paths.filter((path) => path.endsWith("kustomization.yaml"))).toEqual(["gatekeeper/bundles/tiny/templates/kustomization.yaml", "gatekeeper/bundles/tiny/constraints/kustomization.yaml"]);
});

test("the rule's page links to the files that there are", () => {
  const page = pageFiles([other], () => [], "fixtures/", []).get("tiny-other.md");
  expect(page).toContain("- [ConstraintTemplate](");
  expect(page).not.toContain("- [ValidatingPolicy](");
});
