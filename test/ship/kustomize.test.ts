/** The folders of the library as bases of somebody else's kustomization, by way of git, and as Artifact Hub has them. */
import { cpSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { loadAll } from "js-yaml";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { requireEngine } from "../../engines/index.js";
import { isObject, type JsonObject } from "../../generator/schema/json.js";
import { readVersions } from "../../generator/versions.js";
import { packageRoot } from "../../wasm/package-root.js";
import { run } from "../../ship/release/run.js";
import { ship } from "../../ship/ship.js";
import { installed, library } from "../library-files.js";

const folder = mkdtempSync(join(tmpdir(), "ship-kustomize-"));
const repository = join(folder, "repository");

beforeAll(() => {
  cpSync(library, join(repository, "library"), { recursive: true });
  const git = (...given: readonly string[]): string => run("git", ["-c", "user.name=Tester", "-c", "user.email=tester@example.com", "-c", "commit.gpgsign=false", ...given], repository);
  git("init", "--quiet", "--initial-branch=main");
  git("add", "--all");
  git("commit", "--quiet", "--message", "Release");
  git("tag", "v0.1.0");
  // A reference to the tag must not see this.
  rmSync(join(repository, "library"), { recursive: true });
  git("commit", "--quiet", "--all", "--message", "Remove everything");
});
afterAll(() => {
  rmSync(folder, { recursive: true });
});

const sorted = (objects: readonly unknown[]): string[] => objects.filter(isObject).map(canonical).sort();
/** Kustomize sorts the fields. */
const canonical = (object: JsonObject): string => JSON.stringify(object, (_, value: unknown) => (isObject(value) ? Object.fromEntries(Object.entries(value).sort(([one], [other]) => (one < other ? -1 : 1))) : value));

describe.each(["gatekeeper/bundles/recommended/templates", "gatekeeper/bundles/recommended/constraints", "gatekeeper/restrict-host-network", "kyverno/bundles/ack", "admission-policy/bundles/strict"])("%s", (path) => {
  test("is a base by its remote reference at a tag", () => {
    const overlay = join(folder, path.replaceAll("/", "-"));
    mkdirSync(overlay);
    writeFileSync(join(overlay, "kustomization.yaml"), `resources:\n  - file://${repository}//library/${path}?ref=v0.1.0\n`);
    const expected = sorted(installed(path));
    expect(expected.length).toBeGreaterThan(0);
    expect(sorted(loadAll(run(requireEngine("kubectl").path, ["kustomize", overlay], folder)))).toEqual(expected);
  });
});

describe("the folders for Artifact Hub", () => {
  const out = join(folder, "out");
  const released = readVersions(join(packageRoot, "policies"))?.rules ?? {};
  beforeAll(() => {
    ship(out);
  });

  test.each(["gatekeeper", "kyverno"])("install what the library installs: %s", (engine) => {
    const rules = readdirSync(join(out, "artifacthub", engine));
    expect(rules).toEqual(readdirSync(join(library, engine), { withFileTypes: true }).filter((entry) => entry.isDirectory() && entry.name !== "bundles").map(({ name }) => name));
    for (const rule of rules) {
      const versions = readdirSync(join(out, "artifacthub", engine, rule));
      expect(versions).toEqual([released[rule]?.version]);
      const built = run(requireEngine("kubectl").path, ["kustomize", join(out, "artifacthub", engine, rule, versions.join())], folder);
      expect(sorted(loadAll(built)), rule).toEqual(sorted(installed(`${engine}/${rule}`)));
    }
  });
});
