import { describe, expect, test } from "vitest";
import { clean, denied, pod, policyTest, warned } from "./fixtures/harness.js";
import { createIgnores } from "./ignores.js";

interface Read {
  readonly files: readonly string[];
  readonly summary: Readonly<Record<string, number>>;
  readonly skipped: readonly unknown[];
}

async function read(argv: readonly string[], files: Readonly<Record<string, string>>): Promise<Read & { readonly code: number; readonly stderr: string }> {
  const { stdout, stderr, code } = await policyTest([...argv, "-f", "json"], { files });
  return { ...(JSON.parse(stdout) as Read), stderr, code }; // as --format json prints it
}

describe(".policytestignore", () => {
  const files = { "a.yaml": denied, "vendor/b.yaml": denied, "vendor/keep/c.yaml": clean, "apps/d.yaml": clean, "apps/e.gen.yaml": denied };
  test.each<[string, readonly string[], Readonly<Record<string, string>>, readonly string[], number]>([
    ["none", ["."], {}, ["a.yaml", "apps/d.yaml", "apps/e.gen.yaml", "vendor/b.yaml", "vendor/keep/c.yaml"], 0],
    ["a folder, of which nothing is looked at", ["."], { ".policytestignore": "vendor/\n" }, ["a.yaml", "apps/d.yaml", "apps/e.gen.yaml"], 1],
    ["a pattern at any depth, and comments", ["."], { ".policytestignore": "# generated\n*.gen.yaml\n" }, ["a.yaml", "apps/d.yaml", "vendor/b.yaml", "vendor/keep/c.yaml"], 1],
    ["all but one", ["."], { ".policytestignore": "vendor/*\n!vendor/keep\n" }, ["a.yaml", "apps/d.yaml", "apps/e.gen.yaml", "vendor/keep/c.yaml"], 1],
    ["one in a folder, for what lies below it", ["."], { "apps/.policytestignore": "/*.gen.yaml\n" }, ["a.yaml", "apps/d.yaml", "vendor/b.yaml", "vendor/keep/c.yaml"], 1],
    ["one that takes back what one above it says", ["."], { ".policytestignore": "*.gen.yaml\n", "apps/.policytestignore": "!e.gen.yaml\n" }, ["a.yaml", "apps/d.yaml", "apps/e.gen.yaml", "vendor/b.yaml", "vendor/keep/c.yaml"], 0],
    ["that of the working folder, for a folder in it", ["apps"], { ".policytestignore": "apps/e*\n" }, ["apps/d.yaml"], 1],
    ["a glob", ["**/*.yaml"], { ".policytestignore": "vendor\n" }, ["a.yaml", "apps/d.yaml", "apps/e.gen.yaml"], 2],
    ["a file that is named is checked", ["apps/e.gen.yaml"], { ".policytestignore": "*\n" }, ["apps/e.gen.yaml"], 0],
  ])("%s", async (_, argv, more, expected, ignored) => {
    const report = await read(argv, { ...files, ...more });
    expect(report.files).toEqual(expected);
    expect(report.summary["ignored"]).toBe(ignored);
  });

  test("outside of the working folder none of it holds", async () => {
    expect(await createIgnores("/no/such/folder")("/elsewhere/a.yaml", false, "/elsewhere")).toBe(false);
  });
});

describe("templates of a Helm chart", () => {
  const chart = { "c/Chart.yaml": "apiVersion: v2\nname: c\n", "c/values.yaml": 'image: "{{ .Values.x }}"\n', "c/templates/a.yaml": "{{ if .x }}\n{{ end }}\n", "c/templates/d/b.yaml": pod("{{ .Release.Name }}"), "c/ci/e.yaml": "a: {{ b }}\n" };
  const notice = "notice: 3 Helm templates of c not checked\nhelp: check what Helm makes of it: helm template c | policy-test -\n";

  test("are skipped with a notice, in every format; their values are not", async () => {
    const report = await read(["."], { ...chart, "clean.yaml": clean });
    expect(report).toMatchObject({ code: 0, stderr: notice, summary: { files: 3, workloads: 1, foreign: 2, skipped: 3, inputErrors: 0 } });
    expect(report.skipped).toEqual([
      { file: "c/ci/e.yaml", line: 1, chart: "c" },
      { file: "c/templates/a.yaml", line: 1, chart: "c" },
      { file: "c/templates/d/b.yaml", line: 4, chart: "c" },
    ]);
    expect(await policyTest(["c/templates"], { files: chart })).toMatchObject({ code: 0, stdout: "0 files, 0 workloads, 0 findings, 2 Helm templates skipped\n", stderr: notice.replace("3", "2") });
  });

  test("with several charts: a notice for each", async () => {
    const { stderr } = await read(["."], { ...chart, "my charts/d/Chart.yaml": "name: d\n", "my charts/d/templates/a.yaml": "{{ a }}\n" });
    expect(stderr).toBe(`${notice}notice: 1 Helm template of my charts/d not checked\nhelp: check what Helm makes of it: helm template 'my charts/d' | policy-test -\n`);
  });

  test("are errors in an inventory, which has no holes", async () => {
    const { code, stdout, stderr } = await policyTest(["--inventory", "c/templates/d", "clean.yaml"], { files: { ...chart, "clean.yaml": clean } });
    expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
    expect(stderr).toContain("c/templates/d/b.yaml:4:1: error: a template of the Helm chart c is no manifest");
  });

  test("are errors with --strict-files", async () => {
    const { code, stdout, stderr } = await policyTest(["--strict-files", "c/templates/d"], { files: chart });
    expect({ code, stderr }).toEqual({ code: 2, stderr: "" });
    expect(stdout).toContain("c/templates/d/b.yaml:4:1  invalid  a template of the Helm chart c is no manifest; check what Helm makes of it: helm template c | policy-test -\n");
  });
});

describe("--strict-files", () => {
  test.each<[string, Readonly<Record<string, string>>, number, string]>([
    ["an object", { "a.yaml": clean }, 0, "1 file, 1 workload, 0 findings\n"],
    ["YAML of another program", { "a.yaml": `${clean}---\nimage: nginx\n` }, 2, "a.yaml:11:1  invalid  no object of Kubernetes: it has no apiVersion and kind"],
    ["a list", { "a.yaml": "- op: remove\n" }, 2, "a.yaml:1:1  invalid  no object of Kubernetes"],
    ["tags of another program", { "a.yaml": "a:\n  b: !Ref c\n" }, 2, "a.yaml:2:6  invalid  no object of Kubernetes"],
    ["a kustomization, which may leave them out", { "kustomization.yaml": "resources: [a.yaml]\n" }, 0, "1 other document\n"],
  ])("%s", async (_, files, code, text) => {
    const outcome = await policyTest(["--strict-files", "."], { files });
    expect(outcome.stdout).toContain(text);
    expect(outcome.code).toBe(code);
  });
});

describe("--require-workloads", () => {
  const files = { "a.yaml": "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\n", "pods/b.yaml": warned, "pods/c.yaml": "a: 1\n" };
  const missing = "no workload in it, and `--require-workloads` asks for one";
  test.each<[string, readonly string[], number, readonly string[]]>([
    ["a folder with one", ["."], 0, []],
    ["a file without", ["a.yaml"], 2, [`a.yaml  invalid  ${missing}`]],
    ["each path by itself", ["pods", "a.yaml", "pods/b.yaml", "pods/*.yaml"], 2, [`a.yaml  invalid  ${missing}`, "1 input error\n"]],
    ["standard input", ["-", "pods"], 2, [`<stdin>  invalid  ${missing}`]],
    ["what --changed-only leaves unchecked counts", ["--base", "a.yaml", "--changed-only", "pods"], 0, []],
  ])("%s", async (_, argv, code, texts) => {
    const outcome = await policyTest(["--require-workloads", ...argv], { files, stdin: "apiVersion: v1\nkind: Service\n" });
    for (const text of texts) expect(outcome.stdout).toContain(text);
    expect(outcome.code).toBe(code);
  });
  test("without it, documents without workloads are clean", async () => {
    expect(await policyTest(["a.yaml"], { files })).toMatchObject({ code: 0, stdout: "1 file, 0 workloads, 0 findings\n" });
  });
});

test("--changed-only without a change is clean", async () => {
  const files = { "base/a.yaml": denied, "now/a.yaml": denied };
  expect(await policyTest(["--base", "base/a.yaml", "--changed-only", "now"], { files })).toMatchObject({ code: 0, stdout: "1 file, 1 workload, 0 findings\n" });
});

test("many files, and a file of many documents", async () => {
  const files = Object.fromEntries(Array.from({ length: 1000 }, (_, index) => [`many/${String(index % 40)}/${String(index)}.yaml`, pod(`a${String(index)}`)]));
  const long = Array.from({ length: 20_000 }, (_, index) => pod(`b${String(index)}`)).join("---\n");
  const report = await read(["."], { ...files, "long.yaml": `${long}---\n${denied}---\na: [\n` });
  expect(report.summary).toMatchObject({ files: 1001, workloads: 21_001, findings: 1, inputErrors: 1 });
});
