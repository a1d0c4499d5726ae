import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";

import { afterEach, beforeEach, describe, expect, test } from "vitest";

import { packageRoot } from "../../wasm/package-root.js";
import { billOfMaterials } from "./build.js";
import { parseBundles, type Bundle } from "./bundles.js";
import { changedPolicies, problemsOf } from "./checks.js";
import { readRepository, type Repository } from "./repository.js";
import { run } from "./run.js";
import { compareVersions } from "./semver.js";

const day = "2026-02-01";
const rule = (version: string, released = day): { version: string; released: string } => ({ version, released });
const library = (version: string): { name: string; version: string; released: string } => ({ name: "tiny", version, released: day });

/** A repository that may be released, for the first time. */
const first: Repository = {
  uncommitted: [],
  packageVersion: "0.2.0",
  lockVersion: "0.2.0",
  source: { type: "git", url: "git+https://git.example.com/tiny/tiny.git" },
  changelog: `# Changelog\n\n## [0.2.0] - ${day}\n\n- Something.\n`,
  versions: { library: library("0.2.0"), rules: { one: rule("1.0.0"), two: rule("1.0.0") } },
  bundles: [],
  tags: [],
  last: undefined,
};
const last = { tag: "v0.1.0", versions: { library: library("0.1.0"), rules: { one: rule("1.0.0"), two: rule("1.0.0") } }, bundles: [], changed: [] };
const next: Repository = { ...first, tags: ["v0.1.0"], last };
const problems = (repository: Repository, dryRun = false): string[] => problemsOf(repository, Object.keys(repository.versions?.rules ?? {}), { dryRun });
const withRules = (repository: Repository, rules: Readonly<Record<string, { version: string; released: string }>>, version = "0.2.0"): Repository => ({
  ...repository,
  packageVersion: version,
  lockVersion: version,
  changelog: first.changelog.replace("0.2.0", version),
  versions: { library: library(version), rules },
});
const changed = (...paths: readonly string[]): Repository => ({ ...next, last: { ...last, changed: paths } });

test("what is in order has no problem", () => {
  expect(problems(first)).toEqual([]);
  expect(problems(next)).toEqual([]);
});

describe("refused:", () => {
  test.each<[string, Repository, RegExp]>([
    ["a tree that is not clean", { ...first, uncommitted: ["?? notes.txt"] }, /not clean: \?\? notes\.txt/],
    ["a lock file of another version", { ...first, lockVersion: "0.1.0" }, /package-lock\.json says 0\.1\.0/],
    ["a package without the address of its source", { ...first, source: undefined }, /does not say where the source is/],
    ["a package with a page in its place", { ...first, source: { type: "git", url: "https://git.example.com/tiny/tiny" } }, /does not say where the source is/],
    ["a library of another version", { ...first, versions: { library: library("0.3.0"), rules: {} } }, /says 0\.3\.0 of the library/],
    ["no versions", { ...first, versions: undefined }, /versions\.yaml is missing/],
    ["a version that is out", { ...next, tags: ["v0.2.0"] }, /released already/],
    ["no section in the changelog", { ...first, changelog: "## [Unreleased]\n\n- Something.\n" }, /no section `## \[0\.2\.0\] - 2026-02-01`/],
    ["an empty section", { ...first, changelog: `## [0.2.0] - ${day}\n\n## [0.1.0] - ${day}\n\n- Old.\n` }, /is empty/],
    ["a section of another day", { ...first, changelog: "## [0.2.0] - 2026-02-02\n\n- Something.\n" }, /of 2026-02-01/],
    ["a changed policy of the same version", changed("library/gatekeeper/one/template.yaml"), /policies of one changed since v0\.1\.0/],
    ["a version that falls", withRules({ ...next, last: { ...last, versions: { ...last.versions, rules: { one: rule("1.1.0") } } } }, { one: rule("1.0.9") }), /went from 1\.1\.0 to 1\.0\.9/],
    ["a day that changes", withRules(next, { one: rule("1.0.0", "2026-03-01"), two: rule("1.0.0") }), /was released on 2026-02-01/],
    ["a library that does not rise", withRules(next, { one: rule("1.0.0"), two: rule("1.0.0") }, "0.1.0"), /does not follow v0\.1\.0/],
    ["a patch with a rule less", withRules(next, { one: rule("1.0.0") }, "0.1.1"), /two is gone; raise the minor version/],
    ["a patch with a rule's major version", withRules(next, { one: rule("2.0.0"), two: rule("1.0.0") }, "0.1.1"), /one has a new major version/],
    ["a patch with a new rule", withRules(next, { one: rule("1.0.0"), two: rule("1.0.0"), three: rule("1.0.0") }, "0.1.1"), /but there is three/],
  ])("%s", (_, repository, message) => {
    expect(problems(repository).join("\n")).toMatch(message);
  });

  test("a rule without a version", () => {
    expect(problemsOf(first, ["one", "two", "three"], { dryRun: false }).join()).toMatch(/no version of the rule three/);
  });

  test("after 1.0.0, a minor version that breaks", () => {
    const released = { ...last, tag: "v1.0.0", versions: { library: library("1.0.0"), rules: { one: rule("1.0.0"), two: rule("1.0.0") } } };
    expect(problems(withRules({ ...next, last: released }, { one: rule("1.0.0") }, "1.1.0")).join()).toMatch(/raise the major version/);
    expect(problems(withRules({ ...next, last: released }, { one: rule("1.0.0") }, "2.0.0"))).toEqual([]);
  });
});

describe("allowed:", () => {
  test("a changed policy with a new version", () => {
    expect(problems(withRules(changed("library/gatekeeper/one/template.yaml"), { one: rule("1.0.1"), two: rule("1.0.0") }))).toEqual([]);
  });

  test("changed tests and pages", () => {
    const paths = ["library/gatekeeper/one/suite.yaml", "library/gatekeeper/one/samples/one/constraint.yaml", "library/kyverno/one/resources/allowed.yaml", "library/kyverno/one/.chainsaw-test/chainsaw-test.yaml", "library/kyverno/one/cluster-policy/.chainsaw-test/namespaces.yaml", "library/kyverno/bundles/ack/one.yaml", "docs/rules/one.md", "library/gatekeeper/one/artifacthub-pkg.yml"];
    expect(changedPolicies(paths)).toEqual([]);
    expect(problems(changed(...paths))).toEqual([]);
  });

  test("in a dry run only, no address of the source", () => {
    const repository = { ...first, source: undefined };
    expect(problems(repository, true)).toEqual([]);
    expect(problems(repository)).toHaveLength(1);
  });

  test("in a dry run only, a changelog that says Unreleased", () => {
    const repository = { ...first, changelog: "## [Unreleased]\n\n- Something.\n" };
    expect(problems(repository, true)).toEqual([]);
    expect(problems(repository)).toHaveLength(1);
  });
});

describe("bundles", () => {
  const setting = (id: string, enforcement: "deny" | "warn" = "warn", parameters: object = {}): Bundle["rules"][number] => ({ id, enforcement, parameters: { ...parameters } });
  const bundle = (...rules: readonly Bundle["rules"][number][]): Bundle => ({ name: "base", rules });
  const was = [bundle(setting("one", "warn", { from: 1 }))];
  /** After 1.0.0, what is said of these bundles in a new version, with what is said of them in the changelog. */
  const said = (bundles: readonly Bundle[], version: string, { text = "`base`, `more`", one = "1.0.0" } = {}): string => {
    const released = { ...last, tag: "v1.0.0", versions: { library: library("1.0.0"), rules: last.versions.rules }, bundles: was };
    const repository = withRules({ ...next, last: released }, { one: rule(one, one === "1.0.0" ? undefined : "2026-03-01"), two: rule("1.0.0") }, version);
    return problems({ ...repository, bundles, changelog: `## [Unreleased]\n\n${repository.changelog.replace("Something", text)}` }).join("\n");
  };

  test("that are what they were ask for nothing", () => {
    expect(said(was, "1.0.1", { text: "Something" })).toBe("");
  });

  test.each<readonly [string, readonly Bundle[], RegExp]>([
    ["is gone", [], /breaks nobody, but the bundle base is gone; raise the major version/],
    ["denies by a rule that warned", [bundle(setting("one", "deny", { from: 1 }))], /but the bundle base denies by one; raise the major version/],
    ["denies by one more rule", [bundle(setting("one", "warn", { from: 1 }), setting("two", "deny"))], /but the bundle base denies by two; raise the major version/],
  ])("that %s need a new major version", (_, bundles, message) => {
    expect(said(bundles, "1.1.0", { one: "1.0.1" })).toMatch(message);
    expect(said(bundles, "2.0.0", { one: "1.0.1" })).toBe("");
  });

  test.each<readonly [string, readonly Bundle[], RegExp]>([
    ["have other parameters", [bundle(setting("one", "warn", { from: 2 }))], /brings nothing new, but the bundle base has other settings of one; raise the minor version/],
    ["warn of one more rule", [bundle(setting("one", "warn", { from: 1 }), setting("two"))], /the bundle base has two; raise the minor/],
    ["lack a rule", [bundle()], /the bundle base no longer has one; raise the minor/],
    ["are new", [...was, { name: "more", rules: [] }], /there is the bundle more; raise the minor/],
  ])("that %s need a new minor version", (_, bundles, message) => {
    expect(said(bundles, "1.0.1", { one: "1.0.1" })).toMatch(message);
    expect(said(bundles, "1.1.0", { one: "1.0.1" })).toBe("");
  });

  test("with other settings of a rule need a new version of that rule, by which gator upgrades", () => {
    expect(said([bundle(setting("one", "warn", { from: 2 }))], "1.1.0")).toMatch(/^the settings of one in base changed since v1\.0\.0, and it still has version 1\.0\.0/);
  });

  test("that changed are named in the changelog", () => {
    expect(said([bundle(setting("one", "warn", { from: 2 }))], "1.1.0", { one: "1.0.1", text: "a base" })).toMatch(/^the bundle base is not what it was; say in CHANGELOG\.md/);
  });

  test("are read of the manifest, or there is an error", () => {
    const text = readFileSync(join(packageRoot, "wasm/manifest.json"), "utf8");
    expect(parseBundles("manifest.json", text).map(({ name }) => name)).toEqual(["ack", "recommended", "strict"]);
    expect(() => parseBundles("v1.0.0:wasm/manifest.json", "{}")).toThrow("v1.0.0:wasm/manifest.json tells of no bundles");
  });
});

test("every file that is installed of a rule counts", () => {
  const paths = ["gatekeeper/a/template.yaml", "gatekeeper/b/syncset.yaml", "kyverno/c/c.yaml", "kyverno/d/cluster-policy/role.yaml", "kyverno/e/mutate/e-fix.yaml", "admission-policy/f/binding.yaml"];
  expect(changedPolicies(paths.map((path) => `library/${path}`))).toEqual(["a", "b", "c", "d", "e", "f"]);
});

test.each([["1.2.3", "2.0.0", "major"], ["1.2.3", "1.3.0", "minor"], ["1.2.9", "1.2.10", "patch"], ["1.2.3", "1.2.3", "equal"], ["1.10.0", "1.9.9", "lower"], ["2.0.0", "1.9.9", "lower"]])("from %s to %s: %s", (before, after, order) => {
  expect(compareVersions(before, after)).toBe(order);
});

test("a bill of materials has no time and no random number", () => {
  const bill = { bomFormat: "CycloneDX", serialNumber: "urn:uuid:1", metadata: { timestamp: "now", component: { name: "x" } }, components: [] };
  expect(JSON.parse(billOfMaterials(JSON.stringify(bill)))).toEqual({ bomFormat: "CycloneDX", metadata: { component: { name: "x" } }, components: [] });
  expect(() => billOfMaterials("{}")).toThrow("no CycloneDX");
});

describe("a repository", () => {
  let root: string;
  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), "release-test-"));
  });
  afterEach(() => {
    rmSync(root, { recursive: true });
  });

  test("is compared with its last release", () => {
    const git = (...given: readonly string[]): string => run("git", ["-c", "user.name=Tester", "-c", "user.email=tester@example.com", "-c", "commit.gpgsign=false", "-c", "tag.gpgsign=false", ...given], root);
    const write = (path: string, text: string): void => {
      mkdirSync(dirname(join(root, path)), { recursive: true });
      writeFileSync(join(root, path), text);
    };
    const commit = (version: string, template: string): void => {
      for (const name of ["package.json", "package-lock.json"]) write(name, JSON.stringify({ version, repository: first.source }));
      write("CHANGELOG.md", `## [${version}] - ${day}\n\n- Something.\n`);
      write("policies/versions.yaml", `library: { name: tiny, version: ${version}, released: ${day} }\nrules: { one: { version: 1.0.0, released: ${day} } }\n`);
      write("library/gatekeeper/one/template.yaml", template);
      write("wasm/manifest.json", JSON.stringify({ bundles: [{ name: "base", rules: [{ id: "one", enforcement: "deny", parameters: { text: template } }] }] }));
      git("add", "--all");
      git("commit", "--quiet", "--message", version);
    };
    git("init", "--quiet");
    commit("0.9.0", "old");
    git("tag", "v0.9.0");
    commit("0.10.0", "old");
    git("tag", "v0.10.0");
    commit("0.11.0", "new");
    const repository = readRepository(root);
    expect(repository.last?.tag).toBe("v0.10.0");
    expect(repository.last?.changed).toContain("library/gatekeeper/one/template.yaml");
    expect(problems(repository).join()).toMatch(/policies of one changed since v0\.10\.0/);
    expect(problems(repository).join()).toMatch(/the bundle base is not what it was/);
    write("left.txt", "");
    expect(readRepository(root).uncommitted).toEqual(["?? left.txt"]);
  });
});
