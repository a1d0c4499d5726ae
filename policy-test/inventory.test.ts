/** `--inventory`: the rest of the cluster. */
import { beforeEach, describe, expect, test, vi } from "vitest";
import type * as assets from "./assets.js";
import type * as engine from "./engine.js";
import { pod, policyTest, type Surroundings } from "./fixtures/harness.js";
import { bundle, daemonSetText, nameOf, namespaceText, names, networkPolicyText, recorder } from "./fixtures/recorder.js";
import type { Need } from "../policies/kit/view.js";

let needs: readonly Need[];
let recorded = recorder();

beforeEach(() => {
  needs = ["namespace", "inventory"];
  recorded = recorder();
});

vi.mock("./engine.js", async (load) => ({ ...(await load<typeof engine>()), loadEngine: () => Promise.resolve(recorded.engine) }));
vi.mock("./assets.js", async (load) => {
  const original = await load<typeof assets>();
  const readWasmManifest = (path: string) => {
    const manifest = original.readWasmManifest(path);
    return { ...manifest, rules: manifest.rules.map((rule) => ({ ...rule, needs })) };
  };
  return { ...original, readWasmManifest };
});

const files = {
  "deploy/agent.yaml": daemonSetText("agent", "edge", "dnsPolicy: Default"),
  "deploy/web.yaml": pod("web", { namespace: "edge" }),
  "cluster/namespaces.yaml": bundle(namespaceText("edge", "{from: cluster}"), namespaceText("shop")),
  "cluster/workloads.json": JSON.stringify({
    kind: "List",
    apiVersion: "v1",
    items: [
      { apiVersion: "apps/v1", kind: "DaemonSet", metadata: { name: "agent", namespace: "edge" } },
      { apiVersion: "v1", kind: "Pod", metadata: { generateName: "one-", namespace: "edge" } },
      { apiVersion: "v1", kind: "Pod", metadata: { generateName: "one-", namespace: "edge" } },
    ],
  }),
  "cluster/policy.yaml": networkPolicyText("deny", "edge"),
  "cluster/settings.yaml": "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: settings}\n",
};
const rest = ["Namespace ?/edge", "Namespace ?/shop", "NetworkPolicy edge/deny", "Pod edge/", "Pod edge/"];

describe("the inventory", () => {
  test("is context of every file, is not checked, and yields to a file's own version", async () => {
    const { stdout, code } = await policyTest(["--inventory", "cluster", "deploy"], { files });
    expect(stdout).toBe("2 files, 2 workloads, 0 findings\n");
    expect(code).toBe(0);
    const [agent, web] = recorded.requests;
    expect(nameOf(agent?.object)).toBe("DaemonSet edge/agent");
    expect(names(agent?.inventory)).toEqual(["DaemonSet edge/agent", ...rest]);
    expect(agent?.inventory).toContain(agent?.object);
    expect(names(web?.inventory)).toEqual(["DaemonSet edge/agent", ...rest, "Pod edge/web"]);
    for (const request of recorded.requests) expect(request.namespaceObject).toMatchObject({ metadata: { labels: { from: "cluster" } } });
  });

  test("a file's own Namespace stands for the cluster's", async () => {
    await policyTest(["--inventory", "cluster", "-"], { files, stdin: bundle(namespaceText("edge", "{from: file}"), pod("p", { namespace: "edge" })) });
    expect(recorded.requests.map(({ namespaceObject }) => namespaceObject)).toMatchObject([{ metadata: { labels: { from: "file" } } }]);
    expect(names(recorded.requests[0]?.inventory)?.filter((name) => name === "Namespace ?/edge")).toHaveLength(1);
  });

  test("may be given several times, as files and globs, and from standard input", async () => {
    const argv = ["--inventory", "cluster/n*.yaml", "--inventory", "-", "--inventory", "cluster/namespaces.yaml", "deploy/web.yaml"];
    await policyTest(argv, { files, stdin: networkPolicyText("more", "edge") });
    expect(names(recorded.requests[0]?.inventory)).toEqual(["Namespace ?/edge", "Namespace ?/shop", "NetworkPolicy edge/more", "Pod edge/web"]);
  });

  test("of what is checked as well makes its files one cluster", async () => {
    await policyTest(["--inventory", "deploy", "deploy"], { files });
    for (const { inventory, object } of recorded.requests) {
      expect(names(inventory)).toEqual(["DaemonSet edge/agent", "Pod edge/web"]);
      expect(inventory).toContain(object);
    }
  });

  test("is the same list for all files without objects of their own", async () => {
    const review = JSON.stringify({ apiVersion: "admission.k8s.io/v1", kind: "AdmissionReview", request: { operation: "CREATE", object: { apiVersion: "v1", kind: "Pod", metadata: { name: "p" } } } });
    await policyTest(["--inventory", "cluster", "a.json", "b.json"], { files: { ...files, "a.json": review, "b.json": review } });
    expect(recorded.requests[0]?.inventory).toHaveLength(6);
    expect(recorded.requests[1]?.inventory).toBe(recorded.requests[0]?.inventory);
  });

  test("takes the namespace that is given", async () => {
    await policyTest(["--namespace", "edge", "--inventory", "other.yaml", "web.yaml"], { files: { "other.yaml": bundle(pod("other"), namespaceText("edge")), "web.yaml": pod("web") } });
    expect(names(recorded.requests[0]?.inventory)).toEqual(["Namespace ?/edge", "Pod edge/other", "Pod edge/web"]);
  });

  test.each<readonly [readonly Need[], readonly string[]]>([
    [[], ["object"]],
    [["namespace"], ["object", "namespaceObject"]],
  ])("is given as far as a rule needs it: %j", async (needed, fields) => {
    needs = needed;
    await policyTest(["--inventory", "cluster", "deploy/web.yaml"], { files });
    expect(Object.keys(recorded.requests[0] ?? {})).toEqual(fields);
  });
});

describe("overlays of several clusters", () => {
  const overlays = {
    "one/all.yaml": bundle(namespaceText("edge", "{cluster: one}"), daemonSetText("agent", "edge", "dnsPolicy: Default")),
    "two/all.yaml": bundle(namespaceText("edge", "{cluster: two}"), daemonSetText("agent", "edge", "dnsPolicy: None")),
    "shared/policy.yaml": networkPolicyText("deny", "edge"),
  };

  test("do not clash where they are checked", async () => {
    const { stdout, code } = await policyTest(["--inventory", "shared", "one", "two"], { files: overlays });
    expect([code, stdout]).toEqual([0, "2 files, 2 workloads, 0 findings\n"]);
    expect(recorded.requests.map(({ namespaceObject }) => namespaceObject)).toMatchObject([{ metadata: { labels: { cluster: "one" } } }, { metadata: { labels: { cluster: "two" } } }]);
    for (const { inventory } of recorded.requests) expect(names(inventory)).toEqual(["DaemonSet edge/agent", "Namespace ?/edge", "NetworkPolicy edge/deny"]);
  });

  test("are an error as one inventory, whatever the rules need", async () => {
    needs = [];
    const { stdout, stderr, code } = await policyTest(["--inventory", "one", "--inventory", "two", "-"], { files: overlays, stdin: pod("p") });
    expect(stderr).toBe("two/all.yaml:1:1: error: this Namespace edge of the inventory differs from the one at one/all.yaml:1:1 (and 1 more)\nhelp: an inventory is one cluster: name the folder of one\n");
    expect([code, stdout, recorded.requests]).toEqual([2, "", []]);
  });

  test("that agree in an object are none", async () => {
    const { code } = await policyTest(["--inventory", "one", "--inventory", "copy.yaml", "-"], { files: { ...overlays, "copy.yaml": `# a copy\n${namespaceText("edge", '{"cluster": "one"}')}` }, stdin: pod("p") });
    expect(code).toBe(0);
    expect(recorded.requests).toHaveLength(1);
  });
});

describe("an inventory that cannot be used: exit code 2, and nothing is checked", () => {
  test.each<readonly [string, readonly string[], Surroundings, string]>([
    ["no such path", ["missing"], {}, "missing: error: no such file or folder\n"],
    ["an empty folder", ["empty"], { files: { "empty/notes.txt": "" } }, "error: no manifest in the inventory `empty`\n"],
    ["comments only", ["a.yaml"], { files: { "a.yaml": "# nothing\n" } }, "error: no manifest in the inventory `a.yaml`\n"],
    ["one of two paths", ["cluster", "empty"], { files: { ...files, "empty/notes.txt": "" } }, "error: no manifest in the inventory `empty`\n"],
    ["a pattern", ["*.yml"], {}, "*.yml: error: this pattern fits no .yaml, .yml or .json file\n"],
    ["no YAML", ["a.yaml"], { files: { "a.yaml": "a: [" } }, "a.yaml:1:5: error: "],
    ["no UTF-8", ["a.yaml"], { files: { "a.yaml": new Uint8Array([255]) } }, "a.yaml:1:1: error: this is not UTF-8 text; save it as UTF-8\n"],
    ["a link to nowhere", ["k"], { files: { "k/a.yaml": pod("p") }, links: { "k/b.yaml": "nowhere" } }, "k/b.yaml: error: no such file or directory\n"],
    ["a Namespace of a wrong type", ["a.yaml"], { files: { "a.yaml": namespaceText("edge", "[]") } }, "a.yaml:3:32: error: the API server would reject this: metadata.labels must be a mapping, but is a list\n"],
    ["twice in one file", ["a.yaml"], { files: { "a.yaml": bundle(namespaceText("edge"), namespaceText("edge", "{a: b}")) } }, "a.yaml:5:1: error: this Namespace edge of the inventory differs from the one at a.yaml:1:1\n"],
    ["standard input twice", ["-"], {}, "error: standard input is named twice, to be checked and as the inventory\nhelp: write one of them to a file\n"],
  ])("%s", async (_, paths, surroundings, message) => {
    const { stdout, stderr, code } = await policyTest([...paths.flatMap((path) => ["--inventory", path]), "-"], { stdin: pod("p"), ...surroundings });
    expect(stderr).toContain(message);
    expect([code, stdout, recorded.requests]).toEqual([2, "", []]);
  });
});
