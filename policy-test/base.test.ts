/** `--base` and `--changed-only`: what was before a change. */
import { cpSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, sep } from "node:path";
import { fileURLToPath } from "node:url";
import { beforeEach, describe, expect, test, vi } from "vitest";
import type * as engine from "./engine.js";
import type * as text from "./text.js";
import type { RuleFinding } from "../wasm/evaluate.js";
import type { ReviewRequest } from "../manifest/run.js";
import { packageAssets } from "./assets.js";
import { pod, policyTest, toyAssets, type Surroundings } from "./fixtures/harness.js";
import { check } from "./index.js";
import { bundle, checkText, daemonSetText, nameOf, namespaceText, recorder, rule } from "./fixtures/recorder.js";

let recorded = recorder();
/** Files that were read. */
let read: string[] = [];

beforeEach(() => {
  recorded = recorder();
  read = [];
});

vi.mock("./text.js", async (load) => {
  const original = await load<typeof text>();
  const readText = (path: string): string => {
    read.push(path);
    return original.readText(path);
  };
  return { ...original, readText };
});

vi.mock("./engine.js", async (load) => {
  const original = await load<typeof engine>();
  const loadEngine: typeof original.loadEngine = (name, assets, manifest) =>
    assets.wasm === toyAssets.wasm ? Promise.resolve(recorded.engine) : original.loadEngine(name, assets, manifest);
  return { ...original, loadEngine };
});

type Files = Readonly<Record<string, string | Uint8Array>>;

/** A request as `UPDATE DaemonSet edge/agent Default -> None`: the dnsPolicies stand for the whole. */
function shown({ operation = "", object, oldObject }: ReviewRequest): string {
  const policy = (value: unknown): string => /"dnsPolicy":"(\w+)"/.exec(JSON.stringify(value))?.[1] ?? "?";
  return [operation, nameOf(object), oldObject === undefined ? policy(object) : `${policy(oldObject)} -> ${policy(object)}`].filter((part) => part !== "").join(" ");
}

const agent = (dnsPolicy: string, name = "agent"): string => daemonSetText(name, "edge", `dnsPolicy: ${dnsPolicy}`);

async function requests(files: Files, argv: readonly string[] = ["--base", "base", "deploy"], surroundings: Surroundings = {}): Promise<string[]> {
  const { stdout, stderr, code } = await policyTest(argv, { files, ...surroundings });
  expect({ stdout, stderr, code }).toMatchObject({ stderr: "", code: 0 });
  return recorded.requests.map(shown);
}

describe("an object is reviewed as it is, and as the update of what it was", () => {
  test.each<readonly [string, Files, readonly string[]]>([
    ["in the file at the same path", { "deploy/a.yaml": agent("None"), "base/deploy/a.yaml": agent("Default"), "base/a.yaml": agent("ClusterFirst") }, ["DaemonSet edge/agent None", "UPDATE DaemonSet edge/agent Default -> None"]],
    ["in a file that was moved", { "deploy/new/b.yaml": agent("None"), "base/deploy/a.yaml": agent("Default") }, ["DaemonSet edge/agent None", "UPDATE DaemonSet edge/agent Default -> None"]],
    ["in a file that it was moved out of", { "deploy/a.yaml": agent("Default", "other"), "deploy/b.yaml": agent("None"), "base/deploy/a.yaml": bundle(agent("Default"), agent("Default", "other")) }, [
      "DaemonSet edge/other Default",
      "UPDATE DaemonSet edge/other Default -> Default",
      "DaemonSet edge/agent None",
      "UPDATE DaemonSet edge/agent Default -> None",
    ]],
    ["in two files that agree", { "deploy/new.yaml": agent("None"), "base/a.yaml": agent("Default"), "base/b.yaml": `# again\n${agent("Default")}` }, ["DaemonSet edge/agent None", "UPDATE DaemonSet edge/agent Default -> None"]],
    ["new", { "deploy/a.yaml": agent("None"), "base/deploy/b.yaml": "# nothing yet\n" }, ["DaemonSet edge/agent None"]],
    ["renamed, which makes it new", { "deploy/a.yaml": agent("None", "renamed"), "base/deploy/a.yaml": agent("Default") }, ["DaemonSet edge/renamed None"]],
    ["copied to another overlay, which makes it new", { "deploy/one.yaml": agent("Default"), "deploy/two.yaml": agent("None"), "base/deploy/one.yaml": agent("Default") }, [
      "DaemonSet edge/agent Default",
      "UPDATE DaemonSet edge/agent Default -> Default",
      "DaemonSet edge/agent None",
    ]],
    ["not where only the base holds it", { "deploy/a.yaml": agent("None"), "base/deploy/gone.yaml": agent("Default", "gone") }, ["DaemonSet edge/agent None"]],
    ["in another kind, which makes it new", { "deploy/a.yaml": agent("None"), "base/deploy/a.yaml": agent("Default").replace("DaemonSet", "Deployment") }, ["DaemonSet edge/agent None"]],
    ["in a List", { "deploy/a.yaml": agent("None"), "base/deploy/a.json": '{"kind": "List", "items": [{"apiVersion": "apps/v1", "kind": "DaemonSet", "metadata": {"name": "agent", "namespace": "edge"}}]}' }, ["DaemonSet edge/agent None", "UPDATE DaemonSet edge/agent ? -> None"]],
    ["new where the API server had refused what it was", { "deploy/a.yaml": agent("None"), "base/deploy/a.yaml": agent("[]") }, ["DaemonSet edge/agent None"]],
  ])("%s", async (_, files, expected) => {
    expect(await requests(files)).toEqual(expected);
  });

  test("two overlays with the same objects keep to their own", async () => {
    const files = { "one/a.yaml": agent("None"), "two/a.yaml": agent("Default"), "base/one/a.yaml": agent("ClusterFirst"), "base/two/a.yaml": agent("Default") };
    expect(await requests(files, ["--base", "base", "--changed-only", "one", "two"])).toEqual(["UPDATE DaemonSet edge/agent ClusterFirst -> None"]);
  });

  test.each([
    ["a file", ["--base", "old.yaml", "deploy/a.yaml"], ""],
    ["a file, for standard input", ["--base", "old.yaml", "-"], agent("None")],
    ["a folder, for standard input", ["--base", "base", "-"], agent("None")],
  ])("the base may be %s", async (_, argv, stdin) => {
    const files = { "deploy/a.yaml": agent("None"), "old.yaml": agent("Default"), "base/rendered.yaml": agent("Default") };
    expect(await requests(files, argv, { stdin })).toEqual(["DaemonSet edge/agent None", "UPDATE DaemonSet edge/agent Default -> None"]);
  });

  test("files of the base are read where they are needed, and once", async () => {
    const many = (policy: string, prefix: string): string => bundle(...Array.from({ length: 200 }, (_, index) => agent(policy, `${prefix}-${String(index)}`)));
    const files = { "base/deploy/a.yaml": many("Default", "a"), "base/b.yaml": many("Default", "b"), "base/c.yaml": many("Default", "c") };
    const readOf = (): string[] => read.map((path) => path.split(sep).slice(-2).join("/")).sort();
    await requests({ ...files, "deploy/a.yaml": many("None", "a") });
    expect(recorded.requests).toHaveLength(400);
    expect(readOf()).toEqual(["deploy/a.yaml", "deploy/a.yaml"]); // today's and the one of the base
    read = [];
    await requests({ ...files, "deploy/a.yaml": bundle(many("None", "b"), many("None", "new")) });
    expect(recorded.requests).toHaveLength(400 + 600);
    expect(readOf()).toEqual(["base/b.yaml", "base/c.yaml", "deploy/a.yaml", "deploy/a.yaml"]);
  });

  test("in the namespace that is given", async () => {
    const files = { "deploy/a.yaml": pod("a"), "base/deploy/a.yaml": pod("a", { namespace: "edge" }), "base/deploy/b.yaml": pod("a", { namespace: "shop" }) };
    await requests(files, ["--base", "base", "--namespace", "edge", "deploy"]);
    expect(recorded.requests.map(({ oldObject }) => oldObject)).toMatchObject([undefined, { metadata: { namespace: "edge" } }]);
  });

  test("and beside what is there now", () => {
    const old = { apiVersion: "apps/v1", kind: "DaemonSet", metadata: { name: "agent", namespace: "edge" } };
    const { requests: asked } = checkText(bundle(namespaceText("edge", "{is: new}"), agent("None")), { before: () => ({ object: old }) });
    expect(asked.map(({ inventory, namespaceObject }) => [inventory?.length, namespaceObject])).toMatchObject([[2, { metadata: { labels: { is: "new" } } }], [2, { metadata: { labels: { is: "new" } } }]]);
  });

  test("Namespaces as well, where a rule reviews them", () => {
    const asked = checkText(namespaceText("edge"), { rules: [rule([], "namespaces")], before: (file, object) => ({ object: { ...object, file } }) }).requests;
    expect(asked).toMatchObject([{ object: { kind: "Namespace" } }, { operation: "UPDATE", oldObject: { kind: "Namespace", file: "a.yaml" } }]);
  });

  test("what both reviews find is one finding", async () => {
    const always: RuleFinding = { rule: "toy-host-network", path: "spec.template.spec.hostNetwork", message: "on" };
    recorded = recorder(({ operation }) => (operation === "UPDATE" ? [{ ...always, message: "may not change" }, always] : [always]));
    const { stdout, code } = await policyTest(["--base", "base", "a.yaml"], { files: { "a.yaml": daemonSetText("agent", "edge"), "base/a.yaml": daemonSetText("agent", "edge", "hostNetwork: false") } });
    expect(stdout.match(/toy-host-network .*/g)).toEqual(["toy-host-network  may not change", "toy-host-network  on"]);
    expect(code).toBe(1);
  });
});

describe("--changed-only", () => {
  const changedOnly = ["--base", "base", "--changed-only", "deploy"];

  test.each<readonly [string, Files, readonly string[]]>([
    ["a changed object is an update", { "deploy/a.yaml": agent("None"), "base/deploy/a.yaml": agent("Default") }, ["UPDATE DaemonSet edge/agent Default -> None"]],
    ["a new one is created", { "deploy/a.yaml": agent("None"), "base/b.yaml": agent("None", "other") }, ["CREATE DaemonSet edge/agent None"]],
    ["an unchanged one is not reviewed", { "deploy/a.yaml": agent("None"), "base/deploy/a.yaml": agent("None") }, []],
    ["nor one that is only written in another way", { "deploy/a.yaml": `# naïve\n${agent('"None"')}`.replaceAll("\n", "\r\n"), "base/deploy/a.yaml": agent("None") }, []],
    ["nor one that was moved", { "deploy/b.yaml": agent("None"), "base/deploy/a.yaml": agent("None") }, []],
    ["one that the API server will name is always created", { "deploy/a.yaml": agent("None").replace("name:", "generateName:"), "base/deploy/a.yaml": agent("None").replace("name:", "generateName:") }, ["CREATE DaemonSet edge/ None"]],
    ["one that the API server had refused is created", { "deploy/a.yaml": agent("None"), "base/deploy/a.yaml": agent("1") }, ["CREATE DaemonSet edge/agent None"]],
  ])("%s", async (_, files, expected) => {
    expect(await requests(files, changedOnly)).toEqual(expected);
  });

  const rollout = (image: string): string => `apiVersion: argoproj.io/v1alpha1\nkind: Rollout\nmetadata: {name: r}\nspec: {template: {spec: {containers: [{name: a, image: ${image}}]}}}\n`;
  const refused = (hostNetwork: string): string => daemonSetText("bad", "edge", `hostNetwork: ${hostNetwork}`);

  test("says nothing of what cannot be checked and has not changed, and all of what has", async () => {
    const before = { "base/deploy/a.yaml": bundle(rollout("a"), refused('"a"')) };
    const unchanged = await policyTest(changedOnly, { files: { ...before, "deploy/a.yaml": `# ä\n${bundle(rollout("a"), refused('"a"'))}` } });
    expect(unchanged).toMatchObject({ code: 0, stdout: "1 file, 1 workload, 0 findings\n" });
    const changed = await policyTest(changedOnly, { files: { ...before, "deploy/a.yaml": bundle(rollout("b"), refused('"b"')) } });
    expect(changed.stdout).toContain("1 object not checked, 1 input error");
    expect(changed.code).toBe(2);
  });

  test("with the real rules: clean without a change, else what the change brings", async () => {
    const real = (deploy: Files) => policyTest(changedOnly, { assets: packageAssets(), files: { ...deploy, "base/deploy/a.yaml": pod("a", { hostNetwork: "true" }), "base/deploy/b.yaml": agent("Default") } });
    const same = { "deploy/a.yaml": pod("a", { hostNetwork: "true" }), "deploy/b.yaml": agent("Default") };
    expect(await real(same)).toMatchObject({ code: 0, stdout: "2 files, 2 workloads, 0 findings\n" });
    const image = await real({ ...same, "deploy/a.yaml": pod("a", { hostNetwork: "true", image: '"<NAME>"' }) });
    expect(image.code).toBe(1);
    expect(image.stdout).toContain("unresolved-placeholder");
    expect(image.stdout).not.toContain("restrict-host-network");
    const on = await real({ ...same, "deploy/b.yaml": daemonSetText("agent", "edge") });
    expect(on.stdout).toContain("deploy/b.yaml:4:39  error    high    restrict-host-network");
    expect(on.stdout).not.toContain("deploy/a.yaml");
  });

  test("as a library: the same options", async () => {
    const cwd = fileURLToPath(new URL("..", import.meta.url));
    const base = mkdtempSync(join(tmpdir(), "policy-test-"));
    try {
      cpSync(join(cwd, "examples"), join(base, "examples"), { recursive: true });
      const options = { cwd, paths: ["examples/bad.yaml"], inventory: ["examples/node-exporter.yaml"] };
      expect((await check({ ...options, base })).findings).toEqual((await check(options)).findings);
      expect(await check({ ...options, base, changedOnly: true })).toMatchObject({ findings: [], inputErrors: [] });
      await expect(check({ ...options, changedOnly: true })).rejects.toThrow("`--changed-only` needs `--base`");
    } finally {
      rmSync(base, { recursive: true });
    }
  });

  test("without --base is wrong usage", async () => {
    expect(await policyTest(["--changed-only", "a.yaml"], { files: { "a.yaml": pod("a") } })).toEqual({
      code: 2,
      stdout: "",
      stderr: "error: `--changed-only` needs `--base`\nhelp: name the state before the change with `--base`\n",
    });
  });
});

describe("where the state before cannot be told: exit code 2", () => {
  const new_ = { "deploy/new.yaml": `\n${agent("None")}` };
  const prefix = "deploy/new.yaml:2:1  invalid  this object could not be checked: ";
  const broken = `kind: DaemonSet\nname: agent\na: [`;

  test.each<readonly [string, Files, string]>([
    ["two files that differ", { "base/a.yaml": agent("Default"), "base/b.yaml": bundle(pod("p"), agent("ClusterFirst")) }, "what it was before cannot be told, since base/a.yaml:1:1 and base/b.yaml:11:1 both hold DaemonSet edge/agent, and differ\n"],
    ["one file twice", { "base/deploy/new.yaml": bundle(agent("Default"), agent("ClusterFirst")) }, "what it was before cannot be told, since base/deploy/new.yaml:1:1 and base/deploy/new.yaml:6:1 both hold DaemonSet edge/agent, and differ\n"],
    ["no YAML in the file at its path", { "base/deploy/new.yaml": broken, "base/a.yaml": agent("Default") }, "what it was before cannot be told, since base/deploy/new.yaml:3:5 may hold it and cannot be read: "],
    ["no YAML elsewhere", { "base/a.yaml": broken }, "what it was before cannot be told, since base/a.yaml:3:5 may hold it and cannot be read: "],
    ["no UTF-8", { "base/a.yaml": new Uint8Array([255]) }, "what it was before cannot be told, since base/a.yaml may hold it and cannot be read: this is not UTF-8 text; save it as UTF-8\n"],
    ["no YAML in today's file", { "base/deploy/a.yaml": agent("Default"), "deploy/a.yaml": broken }, "whether it was moved from there cannot be told, since deploy/a.yaml:3:5 may hold it and cannot be read: "],
  ])("%s", async (_, files, message) => {
    for (const flags of [[], ["--changed-only"]]) {
      const { stdout, code } = await policyTest(["--base", "base", ...flags, "deploy/new.yaml"], { files: { ...new_, ...files } });
      expect(stdout).toContain(prefix + message);
      expect(code).toBe(2);
    }
    expect(recorded.requests).toEqual([]);
  });

  test.each([[[]], [["--changed-only"]]])("one object moved to two files: %j", async (flags) => {
    const files = { "deploy/a.yaml": agent("None"), "deploy/b.yaml": bundle(pod("p"), agent("None")), "base/old.yaml": agent("None") };
    const { stdout, code } = await policyTest(["--base", "base", ...flags, "deploy"], { files });
    expect(stdout).toContain("deploy/a.yaml:1:1  invalid  what it was before cannot be told, since base/old.yaml:1:1 may have been moved here or to deploy/b.yaml:11:1\n");
    expect(stdout).toContain("deploy/b.yaml:11:1  invalid  what it was before cannot be told, since base/old.yaml:1:1 may have been moved here or to deploy/a.yaml:1:1\n");
    expect(code).toBe(2);
  });

  test.each<readonly [string, Files]>([
    ["does not matter where it cannot hold the object", { "base/chart/templates/a.yaml": "kind: DaemonSet\nname: {{ .Release.Name }}\n", "base/b.yaml": "kind: Deployment\nname: agent\na: [" }],
    ["does not matter in a longer name", { "base/a.yaml": "kind: DaemonSet\nname: my-agent-2\na: [" }],
  ])("a file that cannot be read %s", async (_, files) => {
    expect(await requests({ ...new_, ...files }, ["--base", "base", "--changed-only", "deploy"])).toEqual(["CREATE DaemonSet edge/agent None"]);
  });

  test("nor where the object is found at its path", async () => {
    expect(await requests({ ...new_, "base/deploy/new.yaml": bundle(agent("Default"), "a: ["), "base/a.yaml": broken }, ["--base", "base", "--changed-only", "deploy"])).toEqual(["UPDATE DaemonSet edge/agent Default -> None"]);
  });
});

describe("a base that cannot be one: exit code 2", () => {
  const help = "help: the base is a copy of the state before the change: git worktree add /tmp/base main\n";
  test.each<readonly [string, readonly string[], string]>([
    ["no such path", ["--base", "missing", "deploy"], "missing: error: no such file or folder\n"],
    ["the folder that is checked", ["--base", "deploy", "deploy"], "deploy/a.yaml: error: to be checked, but lies in the base `deploy`\n"],
    ["the working folder", ["--base", ".", "--changed-only", "deploy"], "deploy/a.yaml: error: to be checked, but lies in the base `.`\n"],
    ["a link to it", ["--base", "link", "--changed-only", "deploy"], "deploy/a.yaml: error: to be checked, but lies in the base `link`\n"],
    ["a folder inside of what is checked", ["--base", "base", "."], "base/a.yaml: error: to be checked, but lies in the base `base`\n"],
    ["the file that is checked", ["--base", "deploy/a.yaml", "deploy"], "deploy/a.yaml: error: to be checked, but lies in the base `deploy/a.yaml`\n"],
  ])("%s", async (_, argv, message) => {
    const outcome = await policyTest(argv, { files: { "deploy/a.yaml": agent("None"), "base/a.yaml": agent("None") }, links: { link: "." } });
    expect(outcome).toEqual({ code: 2, stdout: "", stderr: message + help });
    expect(recorded.requests).toEqual([]);
  });

  test("an empty one is none of them: everything is new", async () => {
    expect(await requests({ "deploy/a.yaml": agent("None"), "base/README.md": "" }, ["--base", "base", "--changed-only", "deploy"])).toEqual(["CREATE DaemonSet edge/agent None"]);
  });
});
