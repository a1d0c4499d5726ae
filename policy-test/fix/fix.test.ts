/** `--fix` and `--dry-run` from outside, with the rules of this package. */
import { spawnSync } from "node:child_process";
import { chmodSync, lstatSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { packageAssets, readWasmManifest } from "../assets.js";
import type { Checker } from "../check.js";
import { policyTestFiles, type Surroundings } from "../fixtures/harness.js";
import type { FileReport, Finding } from "../report.js";
import { fixSources } from "./index.js";
import { replaceFile } from "./replace.js";
import { fixText } from "./text.js";

const run = (argv: readonly string[], surroundings: Surroundings): ReturnType<typeof policyTestFiles> =>
  policyTestFiles(["--rule", "host-network-dns-policy", "--rule", "host-network-read-only-host-path", ...argv], { ...surroundings, assets: packageAssets() });

const pod = (name: string, spec = "  hostNetwork: true"): string => `apiVersion: v1
kind: Pod
metadata:
  name: ${name}
spec:
${spec}
  containers: [{name: app, image: app}]
`;
const mended = "  hostNetwork: true\n  dnsPolicy: ClusterFirstWithHostNet";

describe("the examples", () => {
  let folder = "";
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "policy-test-fix-"));
  });
  afterEach(() => rmSync(folder, { recursive: true }));
  const git = (...given: string[]): string => {
    const { stdout, stderr, status } = spawnSync("git", ["-c", "user.name=test", "-c", "user.email=test@example.com", ...given], { cwd: folder, encoding: "utf8" });
    expect({ stderr, status }).toEqual({ stderr: "", status: 0 });
    return stdout;
  };

  test("are clean of what can be fixed afterwards, and else as they were", async () => {
    const text = readFileSync(new URL("../../examples/bad.yaml", import.meta.url), "utf8");
    git("init", "--quiet");
    writeFileSync(join(folder, "bad.yaml"), text);
    git("add", ".");
    git("commit", "--quiet", "--message", "bad");
    const { code, stdout, files } = await run(["--fix", "bad.yaml"], { files: { "bad.yaml": text } });
    expect(code).toBe(0);
    expect(stdout).toMatchInlineSnapshot(`
      "bad.yaml:14:14   fixed    host-network-dns-policy           dnsPolicy: ClusterFirstWithHostNet
      bad.yaml:117:25  fixed    host-network-read-only-host-path  readOnly: true

      1 file, 9 workloads, 0 findings, 2 fixed
      "
    `);
    writeFileSync(join(folder, "bad.yaml"), files["bad.yaml"] ?? "");
    expect(git("diff", "--no-color", "--no-ext-diff").replace(/^index .*\n/m, "")).toMatchInlineSnapshot(`
      "diff --git a/bad.yaml b/bad.yaml
      --- a/bad.yaml
      +++ b/bad.yaml
      @@ -11,6 +11,7 @@ metadata:
         namespace: shop
       spec:
         hostNetwork: yes
      +  dnsPolicy: ClusterFirstWithHostNet
         containers:
           - name: reporter
             image: registry.example.com/reporter:1.4
      @@ -113,6 +114,7 @@ spec:
                 volumeMounts:
                   - name: etc
                     mountPath: /host/etc
      +              readOnly: true
             volumes:
               - name: etc
                 hostPath:
      "
    `);
    // The diff of --dry-run is one that git takes.
    git("checkout", "--quiet", "bad.yaml");
    const { stdout: diff } = await run(["--fix", "--dry-run", "bad.yaml"], { files: { "bad.yaml": text } });
    writeFileSync(join(folder, "fix.diff"), diff);
    git("apply", "fix.diff");
    expect(readFileSync(join(folder, "bad.yaml"), "utf8")).toBe(files["bad.yaml"]);
  });
});

describe("what is written", () => {
  test("keeps line breaks, the byte order mark and other files", async () => {
    const text = `\uFEFF# é\n${pod("a", "  hostNetwork: on # why")}---\n${pod("b", "  hostNetwork: false")}`.replaceAll("\n", "\r\n");
    const { files, code } = await run(["--fix", "."], { files: { "a.yaml": text, "sub/b.yaml": pod("c", mended), "c.txt": pod("d") } });
    expect(code).toBe(0);
    expect(files).toEqual({ "a.yaml": text.replace("# why\r\n", "# why\r\n  dnsPolicy: ClusterFirstWithHostNet\r\n"), "sub/b.yaml": pod("c", mended), "c.txt": pod("d") });
  });

  test("is written once: again there is nothing to do", async () => {
    const first = await run(["--fix", "a.yaml"], { files: { "a.yaml": `${pod("a")}---\n${pod("a")}` } });
    expect(first.stdout).toContain("2 fixed");
    const second = await run(["--fix", "a.yaml"], { files: first.files });
    expect(second.stdout).toBe("1 file, 2 workloads, 0 findings, 0 fixed\n");
    expect(second.files).toEqual(first.files);
  });

  test("goes through a symbolic link, which stays one", async () => {
    const { stdout, files } = await run(["--fix", "."], { files: { "real/a.yaml": pod("a") }, links: { "b.yaml": "real/a.yaml" } });
    expect(stdout).toContain("b.yaml:7:14  fixed");
    expect(files).toEqual({ "real/a.yaml": pod("a", mended) });
  });

  test("is right in a file that is wrong elsewhere, which still counts", async () => {
    const { code, files, stdout } = await run(["--fix", "a.yaml"], { files: { "a.yaml": `${pod("a")}---\na: [\n` } });
    expect(files).toEqual({ "a.yaml": `${pod("a", mended)}---\na: [\n` });
    expect(stdout).toContain("1 fixed, 1 input error");
    expect(code).toBe(2);
  });

  test("is written in every file", async () => {
    const given = Object.fromEntries(["a", "b", "c"].map((name) => [`${name}.yaml`, pod(name)]));
    const { files } = await run(["--fix", "."], { files: given });
    expect(files).toEqual(Object.fromEntries(["a", "b", "c"].map((name) => [`${name}.yaml`, pod(name, mended)])));
  });
});

describe("what is not fixed says why", () => {
  test.each<[string, Surroundings["files"] & object, string]>([
    ["a value that the settings do not accept", { "a.yaml": pod("a"), "policy-test.yaml": "rules: {host-network-dns-policy: {parameters: {dnsPolicies: [Default]}}}\n" }, "the rule, as it is set, finds fault with `ClusterFirstWithHostNet` as well"],
    ["a value that somebody has chosen", { "a.yaml": pod("a", "  hostNetwork: true\n  dnsPolicy: Default"), "policy-test.yaml": "rules: {host-network-dns-policy: {parameters: {dnsPolicies: [ClusterFirstWithHostNet]}}}\n" }, "`Default` is somebody's choice; only `ClusterFirst` is replaced"],
    ["a shared spec", { "a.yaml": `apiVersion: v1\nkind: List\nitems:\n- {apiVersion: v1, kind: Pod, metadata: {name: a}, spec: &a {hostNetwork: true, containers: []}}\n- {apiVersion: v1, kind: Pod, metadata: {name: b}, spec: *a}\n` }, "an anchor shares it with other places of the file"],
    ["a review", { "a.yaml": `apiVersion: admission.k8s.io/v1\nkind: AdmissionReview\nrequest:\n  operation: CREATE\n  object: {apiVersion: v1, kind: Pod, metadata: {name: a}, spec: {hostNetwork: true}}\n` }, "an AdmissionReview is the record of a request, not a manifest"],
  ])("%s", async (_, files, why) => {
    const { stdout, code, files: after } = await run(["--fix", "a.yaml"], { files });
    expect(stdout).toContain(`not fixed          host-network-dns-policy  ${why}`);
    expect(after).toEqual(files);
    expect(code).toBe(0);
  });
});

describe("--dry-run", () => {
  test("prints a diff on standard output, what remains on standard error, and writes nothing", async () => {
    const given = { "a.yaml": pod("a") };
    const { stdout, stderr, files, code } = await run(["--fix", "--dry-run", "."], { files: given });
    expect(stdout).toMatchInlineSnapshot(`
      "--- a/a.yaml
      +++ b/a.yaml
      @@ -4,4 +4,5 @@
         name: a
       spec:
         hostNetwork: true
      +  dnsPolicy: ClusterFirstWithHostNet
         containers: [{name: app, image: app}]
      "
    `);
    expect(stderr).toMatchInlineSnapshot(`
      "a.yaml:7:14  fixable    host-network-dns-policy  dnsPolicy: ClusterFirstWithHostNet

      1 file, 1 workload, 0 findings, 1 fixable
      "
    `);
    expect(files).toEqual(given);
    expect(code).toBe(0);
  });

  test("takes standard input", async () => {
    const { stdout } = await run(["--fix", "--dry-run", "-"], { stdin: pod("a") });
    expect(stdout).toContain("--- a/<stdin>\n+++ b/<stdin>\n");
    expect(stdout).toContain("\n+  dnsPolicy: ClusterFirstWithHostNet\n");
  });

  test("gives JSON with the diff in it", async () => {
    const { stdout, stderr } = await run(["--fix", "--dry-run", "--format", "json", "a.yaml"], { files: { "a.yaml": pod("a") } });
    expect(stderr).toBe("");
    expect(JSON.parse(stdout)).toMatchObject({
      version: 1,
      summary: { findings: 0, fixed: 1 },
      findings: [],
      fix: {
        fixed: [{ rule: "host-network-dns-policy", file: "a.yaml", line: 7, column: 14, path: "spec.dnsPolicy", wrote: "dnsPolicy: ClusterFirstWithHostNet", workload: { kind: "Pod", namespace: "default", name: "a" } }],
        notFixed: [],
      },
    });
    expect(stdout).toContain('"diff": "--- a/a.yaml\\n+++ b/a.yaml\\n@@ -4,4 +4,5 @@');
  });

  test.each<[string, readonly string[], string]>([
    ["without --fix", ["--dry-run", "a.yaml"], "error: `--dry-run` belongs to `--fix`\nhelp: without --fix nothing is ever written\n"],
    ["--fix of standard input without it", ["--fix", "-"], "error: standard input cannot be fixed in place\nhelp: name files, or add --dry-run to see what would change\n"],
  ])("%s is wrong usage", async (_, argv, stderr) => {
    expect(await run(argv, { files: { "a.yaml": pod("a") }, stdin: pod("a") })).toMatchObject({ code: 2, stdout: "", stderr });
  });
});

describe("a text that would not be what it should", () => {
  const rules = new Map(readWasmManifest(packageAssets().manifest).rules.map((rule) => [rule.id, rule]));
  const text = pod("a");
  const finding: Finding = { rule: "host-network-dns-policy", severity: "medium", enforcement: "warn", message: "found", file: "a.yaml", line: 6, column: 3, workload: { kind: "Pod", namespace: "default", name: "a" }, path: "spec.dnsPolicy" };
  const report = (more: Partial<FileReport>): FileReport => ({ documents: 1, foreign: 0, workloads: 1, findings: [], notChecked: [], inputErrors: [], moves: [], usedWaivers: [], ...more });
  const other: Finding = { ...finding, rule: "another", path: "spec.hostNetwork", line: 6, column: 16 };
  const fix = (after: Partial<FileReport>, before: readonly Finding[] = [finding]): (() => string) => {
    const check: Checker = (given) => (given === text ? report({ findings: before.map((each) => ({ ...each, line: each.path === "spec.dnsPolicy" ? 5 : each.line, column: each.path === "spec.dnsPolicy" ? 1 : each.column })) }) : report(after));
    return () => fixText(text, "a.yaml", check, rules).text;
  };

  test("is not written where the file changes while it is fixed: the finding stays, with an error", () => {
    const folder = mkdtempSync(join(tmpdir(), "policy-test-changed-"));
    try {
      const path = join(folder, "a.yaml");
      writeFileSync(path, text);
      const check: Checker = (given) => {
        writeFileSync(path, `${text}# meanwhile\n`);
        return report({ findings: given === text ? [{ ...finding, line: 5, column: 1 }] : [] });
      };
      const found = report({ findings: [finding] });
      const { outcomes, fixed } = fixSources([{ file: "a.yaml", path }], [{ file: "a.yaml", report: found }], check, [...rules.values()], false);
      expect(fixed).toEqual([]);
      expect(outcomes).toEqual([{ file: "a.yaml", report: { ...found, inputErrors: [{ file: "a.yaml", message: "cannot be fixed: it has changed since it was read, so it is left as it is; run the command again" }] } }]);
      expect(readFileSync(path, "utf8")).toBe(`${text}# meanwhile\n`);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  test("is refused, whatever differs", () => {
    expect(fix({})()).toBe(pod("a", mended));
    expect(fix({ findings: [other] })).toThrow("would not be the same but for the fixes");
    expect(fix({}, [finding, other])).toThrow("would not be the same but for the fixes");
    expect(fix({ inputErrors: [{ file: "a.yaml", message: "wrong" }] })).toThrow("would not be the same but for the fixes");
  });
});

describe("replacing a file", () => {
  let folder = "";
  const path = (name: string): string => join(folder, name);
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "policy-test-replace-"));
    writeFileSync(path("a.yaml"), "old");
    chmodSync(path("a.yaml"), 0o640);
    symlinkSync("a.yaml", path("b.yaml"));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  test("keeps its mode and the link that leads to it", () => {
    replaceFile(path("b.yaml"), Buffer.from("old"), Buffer.from("new"));
    expect(readFileSync(path("a.yaml"), "utf8")).toBe("new");
    expect(statSync(path("a.yaml")).mode & 0o777).toBe(0o640);
    expect(lstatSync(path("b.yaml")).isSymbolicLink()).toBe(true);
    expect(readdirSync(folder).sort()).toEqual(["a.yaml", "b.yaml"]);
  });

  test("leaves one that has changed as it is, and nothing beside it", () => {
    expect(() => replaceFile(path("a.yaml"), Buffer.from("older"), Buffer.from("new"))).toThrow("it has changed since it was read, so it is left as it is; run the command again");
    expect(readFileSync(path("a.yaml"), "utf8")).toBe("old");
    expect(readdirSync(folder).sort()).toEqual(["a.yaml", "b.yaml"]);
  });
});
