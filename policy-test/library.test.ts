/** `check` as programs call it. */
import { copyFileSync, mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { check, CheckError, exitCodeOf, type CheckOptions, type ObjectFile } from "./index.js";
import { pod, toyAssets } from "./fixtures/harness.js";

const rules = ["restrict-host-network"];
const onNode = pod("web", { hostNetwork: "true" });
const object = { apiVersion: "v1", kind: "Pod", metadata: { name: "web" }, spec: { hostNetwork: true, containers: [{ name: "app", image: "app:1" }] } };

async function refusal(options: CheckOptions): Promise<readonly string[]> {
  const error: unknown = await check(options).then(
    () => "checked",
    (reason: unknown) => reason,
  );
  if (!(error instanceof CheckError)) throw new Error(`expected a CheckError, got ${String(error)}`);
  return error.problems.map(({ file = "", message, help = "" }) => [file, message, help].filter((part) => part !== "").join(" | "));
}

test("a text is checked like a file of that name", async () => {
  const report = await check({ files: [{ name: "web.yaml", text: onNode }], rules, config: {} });
  expect(report.findings).toMatchObject([{ file: "web.yaml", line: 6, column: 16, rule: "restrict-host-network", path: "spec.hostNetwork", workload: { name: "web" } }]);
  expect(report.files).toEqual(["web.yaml"]);
  expect(exitCodeOf(report)).toBe(1);
});

test("objects are found at their path, each on its line", async () => {
  const { findings, documents } = await check({ files: [{ name: "live", objects: [{ ...object, spec: {} }, object] }], rules, config: {} });
  expect(documents).toBe(2);
  expect(findings).toMatchObject([{ file: "live", line: 3, path: "spec.hostNetwork" }]);
});

test("objects may hold what JSON takes and YAML does not", async () => {
  const named = { ...object, metadata: { name: "web", annotations: { odd: "\u007f\u0085\u2028\ufeff" } } };
  const { findings, inputErrors } = await check({ files: [{ name: "live", objects: [named] }], rules, config: {} });
  expect(inputErrors).toEqual([]);
  expect(findings).toHaveLength(1);
});

test("a config is an object, an empty one as well", async () => {
  const files = [{ name: "web.yaml", text: onNode }];
  const { findings } = await check({ files, rules, config: { rules: { "restrict-host-network": { enforcement: "warn" } } } });
  expect(findings).toMatchObject([{ enforcement: "warn" }]);
  expect(await refusal({ files, config: { rules: { "restrict-host-network": { enforcment: "warn" } } } })).toEqual([
    "config | unknown key `enforcment` | did you mean `enforcement`?",
  ]);
});

test("a config may be Constraints", async () => {
  const files = [{ name: "web.yaml", text: onNode }];
  const constraint = { apiVersion: "constraints.gatekeeper.sh/v1beta1", kind: "RestrictHostNetwork", metadata: { name: "none" }, spec: { enforcementAction: "dryrun" } };
  const { findings } = await check({ files, config: [constraint] });
  expect(findings).toMatchObject([{ rule: "restrict-host-network", constraint: "none", enforcement: "dryrun" }]);
  expect((await check({ files, config: constraint })).findings).toEqual(findings);
  expect(await refusal({ files, config: [] })).toEqual(["the list of Constraints is empty | `config: {}` is no config"]);
});

test("the inventory may be in memory, under any name", async () => {
  const claims = (name: string) => ({
    ...object,
    metadata: { name },
    spec: { hostNetwork: true, nodeName: "one", containers: [{ name: "app", image: "app:1", ports: [{ containerPort: 80 }] }] },
  });
  const inventory: ObjectFile[] = [{ name: "examples/bad.yaml", objects: [{ ...claims("other"), kind: "DaemonSet", apiVersion: "apps/v1", spec: { template: { spec: claims("").spec } } }] }];
  const options = { files: [{ name: "new", objects: [{ ...inventory[0]?.objects[0] as object, metadata: { name: "mine" } }] }], rules: ["host-network-shared-port"], config: {} };
  expect((await check(options)).findings).toEqual([]);
  expect((await check({ ...options, inventory })).findings).toMatchObject([{ workload: { name: "mine" } }]);
  // A file of the same name is another one.
  expect((await check({ ...options, inventory: ["examples/bad.yaml", ...inventory] })).findings.length).toBeGreaterThan(0);
});

test("text that is no YAML is an input error, not an exception", async () => {
  const report = await check({ files: [{ name: "web.yaml", text: "a: [" }], config: {} });
  expect(report.inputErrors).toMatchObject([{ file: "web.yaml", line: 1 }]);
  expect(exitCodeOf(report)).toBe(2);
});

test("what cannot be checked at all is a CheckError with its reasons", async () => {
  const files = [{ name: "web.yaml", text: onNode }];
  expect(await refusal({})).toEqual(["no path given | name files or folders, or `-` for standard input"]);
  expect(await refusal({ files, rules: ["restrict-host-networks"] })).toEqual(["unknown rule `restrict-host-networks` | did you mean `restrict-host-network`?"]);
  expect(await refusal({ files: [...files, ...files] })).toEqual(["two files in memory are called `web.yaml`"]);
  expect(await refusal({ files, fix: "write" })).toEqual(["what is in memory cannot be fixed in place | `fix: \"preview\"` says what would change"]);
  expect(await refusal({ files: [{ name: "empty", text: "" }], config: {} })).toEqual(["no manifest in `empty`"]);
  expect(await refusal({ files: [{ name: "odd", objects: [undefined] }] })).toEqual(["odd | undefined is no JSON"]);
  expect(await refusal({ files: [{ name: "odd", objects: [1n] }] })).toHaveLength(1);
});

test("callers without a compiler are told of misspelt options and files", async () => {
  const misspelt: object = { path: ["examples/bad.yaml"], rules };
  expect(await refusal(misspelt)).toEqual(["there is no option `path` | did you mean `paths`?"]);
  const broken: object = { files: [{ name: "a" }, { name: "", text: "" }, { name: "b", text: 1 }, { name: "c", text: "", objects: [] }] };
  expect(await refusal(broken)).toEqual([
    "a | a file in memory needs a `text`, or a list of `objects`",
    "a file in memory has no name | findings name it: give it a `name`",
    "b | a file in memory needs a `text`, or a list of `objects`",
    "c | a file in memory has either a `text` or `objects`",
  ]);
});

test("a fix of a text is a diff", async () => {
  const { fix } = await check({ files: [{ name: "web.yaml", text: onNode }], rules: ["host-network-dns-policy"], config: {}, fix: "preview" });
  expect(fix?.diff).toContain("+  dnsPolicy: ClusterFirstWithHostNet");
});

test("rules that were compiled elsewhere are run in place of the library's, and only as such", async () => {
  const cwd = mkdtempSync(join(tmpdir(), "library-test-"));
  mkdirSync(join(cwd, "wasm"));
  copyFileSync(toyAssets.wasm, join(cwd, "wasm", "policy.wasm"));
  copyFileSync(toyAssets.manifest, join(cwd, "wasm", "manifest.json"));
  try {
    const options: CheckOptions = { files: [{ name: "a.yaml", text: pod("a", { hostNetwork: "true" }) }], config: {}, compiled: "wasm", cwd };
    expect((await check(options)).findings.map(({ rule }) => rule)).toEqual(["toy-host-network"]);
    await expect(check({ ...options, engine: "js" })).rejects.toThrow("names rules without their source");
  } finally {
    rmSync(cwd, { recursive: true });
  }
});
