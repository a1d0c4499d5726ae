/** What `policy-test` finds with a config is what gator and kyverno find with the policies that it renders of that config. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { Readable } from "node:stream";
import fc from "fast-check";
import { dump } from "js-yaml";
import { describe, expect, test } from "vitest";
import { requireEngine } from "../../engines/index.js";
import { isObject, type JsonObject } from "../../generator/schema/json.js";
import { main } from "../../policy-test/cli.js";
import { packageAssets, readWasmManifest } from "../../policy-test/assets.js";
import { workloadArbitrary } from "../generators.js";
import { objectsIn, valueAt } from "../json.js";
import { library } from "../library-files.js";
import { isJoinOf } from "./constraint-agreement.js";
import { documents, execute, withFiles } from "./process.js";

const { rules } = readWasmManifest(packageAssets().manifest);

/** Rules that look at one object alone. kyverno compiles each policy anew for every object: few of both say enough of what is rendered. */
const local = ["host-network-dns-policy", "host-network-port-range", "restrict-host-namespaces", "restrict-host-network", "unresolved-placeholder"];
const waiver = (rule: string, match: object): object => ({ rule, match, reason: "a test", expires: "9999-12-31" });

/** Beside plain settings each has something of match, and some have waivers. */
const configs: Readonly<Record<string, JsonObject>> = {
  plain: {},
  "a bundle, and a match for all": { bundle: "strict", match: { excludedNamespaces: ["kube-*"] } },
  "names, kinds and labels": {
    match: { kinds: [{ apiGroups: ["apps", ""], kinds: ["*"] }], labelSelector: { matchExpressions: [{ key: "app", operator: "NotIn", values: ["b"] }] } },
    rules: { "restrict-host-network": { match: { name: "agent-1*" } }, "unresolved-placeholder": { enforcement: "dryrun", match: { namespaces: ["shop", "monitoring"] } } },
  },
  "namespaces by pattern and by label": {
    rules: {
      "restrict-host-network": { match: { namespaces: ["*o*"], excludedNamespaces: ["shop"] } },
      "restrict-host-namespaces": { match: { namespaceSelector: { matchLabels: { team: "a" } } } },
      "host-network-dns-policy": { parameters: { dnsPolicies: ["Default"] }, match: { namespaceSelector: { matchExpressions: [{ key: "team", operator: "Exists" }] }, excludedNamespaces: ["monitoring"] } },
    },
  },
  waivers: {
    waivers: [
      waiver("restrict-host-network", { namespace: "shop" }),
      waiver("restrict-host-network", { kind: "*Set", name: "agent-1*" }),
      waiver("restrict-host-namespaces", { namespace: "mon*", hostPID: true }),
      waiver("unresolved-placeholder", { serviceAccountName: "default" }),
    ],
  },
};

const namespaces: readonly JsonObject[] = Object.entries({ shop: { team: "b" }, monitoring: { team: "a" }, "kube-system": {}, default: {} }).map(([name, labels]) => ({
  apiVersion: "v1",
  kind: "Namespace",
  metadata: { name, labels: { "kubernetes.io/metadata.name": name, ...labels } },
}));

const OBJECTS = 24;
const objects: readonly JsonObject[] = fc.sample(
  fc.tuple(
    ...Array.from({ length: OBJECTS }, (_, number) =>
      fc.tuple(workloadArbitrary, fc.constantFrom("shop", "monitoring", "kube-system", "default"), fc.dictionary(fc.constant("app"), fc.constantFrom("a", "b"))).map(([object, namespace, labels]): JsonObject => {
        const metadata = isObject(object["metadata"]) ? object["metadata"] : {};
        return { ...object, metadata: { ...metadata, name: `agent-${String(number)}`, namespace, labels } };
      }),
    ),
  ),
  { seed: 6, numRuns: 1 },
)[0] ?? [];

interface Said {
  readonly rule: string;
  readonly object: string;
  readonly texts: readonly string[];
}

/** Only objects that some API server would take are compared. */
interface Own {
  readonly said: readonly Said[];
  readonly invalid: readonly string[];
  readonly waived: number;
}

async function policyTest(cwd: string, argv: readonly string[]): Promise<{ readonly code: number; readonly stdout: string; readonly stderr: string }> {
  let stdout = "";
  let stderr = "";
  const io = { stdout: { write: (text: string) => (stdout += text) }, stderr: { write: (text: string) => (stderr += text) }, stdin: Readable.from([]), env: {}, cwd };
  const code = await main(argv, io);
  return { code, stdout, stderr };
}

const keyOf = (object: unknown): string => `${String(valueAt(object, "kind"))} ${String(valueAt(object, "metadata", "name") ?? valueAt(object, "name"))}`;

async function ownFindings(cwd: string): Promise<Own> {
  const { stdout } = await policyTest(cwd, ["--format", "json", "objects.yaml"]);
  const report: unknown = JSON.parse(stdout);
  const all = objectsIn(valueAt(report, "findings"));
  const numberOf = (place: unknown): number => (Number(valueAt(place, "line")) - 1) / 2;
  return {
    said: grouped(all.filter((finding) => finding["waived"] === undefined).map((finding) => [String(finding["rule"]), keyOf([...namespaces, ...objects][numberOf(finding)]), String(finding["message"])])),
    invalid: objectsIn(valueAt(report, "inputErrors")).map((error) => keyOf([...namespaces, ...objects][numberOf(error)])),
    waived: all.filter((finding) => finding["waived"] !== undefined).length,
  };
}

function grouped(rows: readonly (readonly [rule: string, object: string, text: string])[]): Said[] {
  const byKey = new Map<string, Said>();
  for (const [rule, object, text] of rows) {
    const key = `${rule} ${object}`;
    byKey.set(key, { rule, object, texts: [...(byKey.get(key)?.texts ?? []), text].toSorted() });
  }
  return [...byKey].toSorted(([one], [other]) => (one < other ? -1 : 1)).map(([, said]) => said);
}

/** The same with one text where the other side has one text for all findings, and they say the same. */
function inWordsOf(own: readonly Said[], others: readonly Said[]): Said[] {
  return own.map((said) => {
    const [text, ...more] = others.find(({ rule, object }) => rule === said.rule && object === said.object)?.texts ?? [];
    return text !== undefined && more.length === 0 && isJoinOf(text, said.texts) ? { ...said, texts: [text] } : said;
  });
}

async function rendered(cwd: string, target: string): Promise<readonly string[]> {
  const { code, stderr } = await policyTest(cwd, ["render", "--target", target, "--output", target]);
  if (code !== 0) throw new Error(stderr);
  return readdirSync(join(cwd, target)).filter((name) => name !== "kustomization.yaml").map((name) => join(target, name));
}

const filesOf = (config: JsonObject): ReadonlyMap<string, string> => {
  const others = Object.fromEntries(rules.filter(({ id }) => !local.includes(id)).map(({ id }) => [id, { enforcement: "off" }]));
  const own = isObject(config["rules"]) ? config["rules"] : {};
  return new Map([
    ["policy-test.yaml", dump({ ...config, rules: { ...others, ...own } })],
    ["objects.yaml", documents([...namespaces, ...objects])],
    ["values.yaml", documents([{ apiVersion: "cli.kyverno.io/v1alpha1", kind: "Values", globalValues: { "request.operation": "CREATE" }, namespaces }])],
    ["templates.yaml", local.map((id) => readFileSync(join(library, "gatekeeper", id, "template.yaml"), "utf8")).join("---\n")],
  ]);
};

describe.each(Object.entries(configs))("%s", (name, config) => {
  test("gatekeeper", async () => {
    await withFiles(filesOf(config), async (folder) => {
      const own = await ownFindings(folder);
      await rendered(folder, "gatekeeper");
      const given = ["test", "-f", "templates.yaml", "-f", "gatekeeper", "-f", "objects.yaml", "--output", "json", "--enable-k8s-native-validation=false"];
      const { stdout, stderr } = await execute(requireEngine("gator").path, given, folder);
      if (!stdout.startsWith("[")) throw new Error(stderr);
      const others = objectsIn(JSON.parse(stdout)).map((result): readonly [string, string, string] => [String(valueAt(result, "constraint", "metadata", "name")), keyOf(valueAt(result, "violatingObject")), String(valueAt(result, "msg"))]);
      expectSame(name, own, grouped(others));
    });
  });

  test("kyverno", async () => {
    await withFiles(filesOf(config), async (folder) => {
      const own = await ownFindings(folder);
      const policies = await rendered(folder, "kyverno");
      const { stdout, stderr } = await execute(requireEngine("kyverno").path, ["apply", ...policies, "-r", "objects.yaml", "-f", "values.yaml", "--policy-report", "--output-format", "json"], folder);
      const report: unknown = stdout.startsWith("{") ? JSON.parse(stdout) : undefined;
      if (report === undefined) throw new Error(`${stdout}${stderr}`);
      const results = objectsIn(valueAt(report, "results"));
      expect(results.filter(({ result }) => result === "error")).toEqual([]);
      const others = results
        .filter(({ result }) => result === "fail" || result === "warn")
        .map((result): readonly [string, string, string] => [String(result["policy"]), keyOf(valueAt(result, "resources", 0)), String(result["message"])]);
      expectSame(name, own, grouped(others));
    });
  });
});

function expectSame(name: string, own: Own, others: readonly Said[]): void {
  const valid = others.filter(({ object }) => !own.invalid.includes(object));
  expect(valid.length).toBeGreaterThan(5);
  expect(inWordsOf(own.said, valid)).toEqual(valid);
  if (name === "waivers") expect(own.waived).toBeGreaterThan(5);
}
