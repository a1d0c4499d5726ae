/** A release, as far as it can go without being published: in two clones of the commit, which must give the same bytes. */
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { isObject } from "../../generator/schema/json.js";
import { valueAt } from "../json.js";
import { packageRoot } from "../../wasm/package-root.js";

const folder = mkdtempSync(join(tmpdir(), "ship-release-"));
const clones = ["one", "another-name"].map((name) => join(folder, name));

function run(program: string, given: readonly string[], cwd: string): { status: number | null; stdout: string; stderr: string } {
  const { error, ...result } = spawnSync(program, given, { cwd, encoding: "utf8", maxBuffer: 2 ** 28 });
  if (error !== undefined) throw error;
  return result;
}

const release = (clone: string, ...given: readonly string[]): ReturnType<typeof run> => run("npm", ["run", "--silent", "release", "--", ...given], clone);

beforeAll(() => {
  for (const clone of clones) {
    expect(run("git", ["clone", "--quiet", packageRoot, clone], folder).status).toBe(0);
    symlinkSync(join(packageRoot, "node_modules"), join(clone, "node_modules"));
  }
});
afterAll(() => {
  rmSync(folder, { recursive: true });
});

test("a dry run gives the same package, chart, layout, bill of materials and checksums in every clone, and tags nothing", () => {
  const sums = clones.map((clone) => {
    const { status, stdout, stderr } = release(clone, "--dry-run", "--skip-tests");
    expect(stderr).toBe("");
    expect(stdout).toMatch(/^v\d+\.\d+\.\d+ may be released; nothing was tagged$/m);
    expect(status).toBe(0);
    expect(run("sha256sum", ["--check", "--quiet", "SHA256SUMS"], join(clone, "dist", "release")).stdout).toBe("");
    return readFileSync(join(clone, "dist", "release", "SHA256SUMS"), "utf8");
  });
  expect(sums[0]).toMatch(/ hostnetwork-policies-.*\.tgz\n/);
  for (const part of ["charts/hostnetwork-policies-", "oci/index.json", "artifacthub/gatekeeper/", "sbom.cdx.json"]) expect(sums[0]).toContain(part);
  expect(sums[1]).toBe(sums[0]);
  const tags = (place: string): string => run("git", ["tag"], place).stdout;
  expect(tags(clones[0] ?? "")).toBe(tags(packageRoot));
});

test("the bill of materials lists what the package depends on", () => {
  const manifest: unknown = JSON.parse(readFileSync(join(packageRoot, "package.json"), "utf8"));
  const text = readFileSync(join(clones[0] ?? "", "dist", "release", "sbom.cdx.json"), "utf8");
  const dependencies = valueAt(manifest, "dependencies");
  const names = isObject(dependencies) ? Object.keys(dependencies) : [];
  expect(names.length).toBeGreaterThan(5);
  for (const name of names) expect(text).toContain(`pkg:npm/${name.replace("@", "%40")}@`);
  expect(text).not.toContain("pkg:npm/vitest@");
});

test("a tree that is not clean is not released, and neither is a policy that changed in silence", () => {
  const [clone = ""] = clones;
  writeFileSync(join(clone, "left.txt"), "");
  expect(release(clone, "--dry-run", "--skip-tests")).toMatchObject({ status: 1, stderr: "error: the tree is not clean: ?? left.txt\n" });
  rmSync(join(clone, "left.txt"));
  const git = (...given: readonly string[]): void => {
    expect(run("git", ["-c", "user.name=Tester", "-c", "user.email=tester@example.com", "-c", "commit.gpgsign=false", ...given], clone).status).toBe(0);
  };
  git("tag", "v0.0.1");
  const template = join(clone, "library/gatekeeper/restrict-host-network/template.yaml");
  writeFileSync(template, `${readFileSync(template, "utf8")}# changed\n`);
  git("commit", "--all", "--quiet", "--message", "Change a policy");
  const { status, stderr } = release(clone, "--dry-run", "--skip-tests");
  expect(status).toBe(1);
  expect(stderr).toContain("the policies of restrict-host-network changed since v0.0.1");
});

test("the tests are left out of no real release", () => {
  expect(release(clones[1] ?? "", "--skip-tests")).toMatchObject({ status: 2 });
});
