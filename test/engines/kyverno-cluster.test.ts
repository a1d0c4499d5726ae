/**
 * Rules that look at the cluster, in Kyverno's CLI: the emitted `resource.List` compiles and finds objects there. The CLI's cluster is
 * asked for one namespace at a time, so here no object names one, and fails for kinds of which it holds none, so here it holds some of
 * each. What such rules find in general is compared by the other engines.
 */
import { Ajv } from "ajv";
import { describe, expect, test } from "vitest";
import { requireEngine } from "../../engines/index.js";
import { validatingPolicy } from "../../generator/targets/kyverno.js";
import { knownTo } from "../../generator/targets/known.js";
import { yamlOf } from "../../generator/targets/yaml.js";
import { messageText } from "../../manifest/run.js";
import { apiVersionOf, networkPolicyKind, workloadKinds } from "../../policies/kit/workload-kinds.js";
import { compiledRule, compiledRules, completeParameters } from "../compiled.js";
import { runInJs } from "../executors/js.js";
import { rewrap } from "../rewrap.js";
import { documents, execute, json, withFiles } from "./process.js";

interface Report {
  readonly results: readonly { readonly result: string; readonly message: string; readonly resources: readonly { readonly name: string }[] }[];
}

const text = { type: "string" };
const resource = { type: "object", required: ["name"], properties: { name: text } };
const isReport = new Ajv().compile<Report>({
  type: "object",
  required: ["results"],
  properties: {
    results: {
      type: "array",
      items: { type: "object", required: ["result", "message", "resources"], properties: { result: text, message: text, resources: { type: "array", items: resource } } },
    },
  },
});

const daemonSet = (name: string, port: number, labels: object): object => ({
  apiVersion: "apps/v1",
  kind: "DaemonSet",
  metadata: { name, labels },
  spec: { template: { metadata: { labels }, spec: { hostNetwork: true, containers: [{ name: "agent", image: "example.com/agent:1", ports: [{ containerPort: port }] }] } } },
});
const networkPolicy = (name: string, matchLabels: object): object => ({
  apiVersion: apiVersionOf(networkPolicyKind),
  kind: networkPolicyKind.kind,
  metadata: { name },
  spec: { podSelector: { matchLabels } },
});

const inventory = [
  ...workloadKinds.map((row) => rewrap(daemonSet(`other-${row.kind.toLowerCase()}`, 9200, {}), row).object),
  daemonSet("node-exporter", 9100, { app: "exporter" }),
  networkPolicy("exporter-only", { app: "exporter" }),
  networkPolicy("everything", {}),
];

const violating = daemonSet("violating", 9100, { app: "exporter" });
const clean = daemonSet("clean", 9101, { app: "agent" });

const ids = compiledRules.filter((rule) => rule.needs.includes("inventory") && knownTo["validating-policy"].has("inventory")).map((rule) => rule.meta.id);

test("these are the rules that list objects", () => {
  expect(ids).toEqual(["host-network-network-policy", "host-network-shared-port"]);
});

describe.each(ids)("%s", (id) => {
  test("finds in the CLI's cluster what its TypeScript finds, and nothing for a clean object", async () => {
    const expected = new Map([violating, clean].map((object, index) => [index === 0 ? "violating" : "clean", messageText(id, runInJs(id, { object, inventory }, {}))]));
    expect([...expected.values()].map((message) => message === "")).toEqual([false, true]);
    expect(await answers(id, inventory)).toEqual(new Map([...expected].map(([name, message]) => [name, message === "" ? "pass: success" : `fail: ${message}`])));
  });

  // The reason of the gap in capabilities.ts.
  test("fails where the CLI's cluster holds no object of a kind", async () => {
    const [violatingAnswer] = [...(await answers(id, [])).values()];
    expect(violatingAnswer).toMatch(/^error: .*resource not found/);
  });
});

/** Result and message for the violating and the clean object, in a cluster of these objects. */
async function answers(id: string, cluster: readonly object[]): Promise<Map<string, string>> {
  const files = new Map([
    ["policy.yaml", yamlOf(validatingPolicy(compiledRule(id), { parameters: completeParameters(id, {}) }))],
    ["objects.yaml", documents([violating, clean])],
    ["cluster.yaml", json({ apiVersion: "cli.kyverno.io/v1alpha1", kind: "Context", metadata: { name: "cluster" }, spec: { resources: cluster } })],
  ]);
  const given = ["apply", "policy.yaml", "--resource", "objects.yaml", "--context-file", "cluster.yaml", "--policy-report", "--output-format", "json"];
  const { stdout, stderr } = await withFiles(files, (folder) => execute(requireEngine("kyverno").path, given, folder));
  const report: unknown = JSON.parse(stdout.split("\n").find((line) => line.startsWith("{")) ?? "null");
  if (!isReport(report)) throw new Error(`kyverno: ${stdout}${stderr}`);
  return new Map(report.results.map(({ result, message, resources }) => [resources[0]?.name ?? "", `${result}: ${message}`]));
}
