/** The catalogue as people use it: `gator policy` finds, installs, upgrades and removes what it lists, in a real cluster with Gatekeeper. */
import { spawnSync } from "node:child_process";
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { startGatekeeper } from "../../cluster/gatekeeper.js";
import { kubectl } from "../../cluster/kubectl.js";
import { waitFor } from "../../cluster/process.js";
import { requireEngine } from "../../engines/index.js";
import type { JsonObject } from "../../generator/schema/json.js";
import { needsAccess } from "../../generator/targets/known.js";
import { kindOf } from "../../generator/targets/names.js";
import { readVersions } from "../../generator/versions.js";
import { packageRoot } from "../../wasm/package-root.js";
import { enforced, warningsOf, withoutPolicies } from "../cluster/gatekeeper.js";
import { startLoopback, type Loopback } from "../cluster/loopback.js";
import { collectionOf, expectStatus, messageOf, putNamespace } from "../cluster/objects.js";
import { plainPod, violatingPod, workload } from "../cluster/workloads.js";
import { compiledRules } from "../compiled.js";
import { listOf, objectsIn, valueAt } from "../json.js";
import { installed, library } from "../library-files.js";

const home = mkdtempSync(join(tmpdir(), "ship-catalogue-"));
/** What is published: a copy, of which a test makes the next version. */
const published = join(home, "published");
const released = readVersions(join(packageRoot, "policies"))?.rules ?? {};
let loopback: Loopback;

beforeAll(async () => {
  cpSync(join(library, "gatekeeper"), published, { recursive: true });
  loopback = await startLoopback({}, (state) => startGatekeeper(state, { auditIntervalSeconds: 3600, flags: withoutPolicies }));
  await putNamespace(loopback.as(), "default", { "pod-security.kubernetes.io/enforce": "baseline" });
  for (const object of around) expectStatus(await loopback.as().send("POST", collectionOf(object) ?? "", object), 201);
});
afterAll(async () => {
  await loopback.end();
  rmSync(home, { recursive: true });
});

/** What is in the cluster already, and makes the object that is asked about break the rules that look around. */
const around: readonly JsonObject[] = [
  workload("DaemonSet", "other", violatingPod, { namespace: "default" }),
  { apiVersion: "networking.k8s.io/v1", kind: "NetworkPolicy", metadata: { name: "agent", namespace: "default" }, spec: { podSelector: { matchLabels: { app: "agent" } } } },
];
const lookingAround = compiledRules.filter(needsAccess).map(({ meta }) => meta.id).sort();
/** Of these, the ones for which the Namespace of the request is enough: the webhook is shown that one. */
const knowing = compiledRules.filter((rule) => needsAccess(rule) && !rule.needs.includes("inventory")).map(({ meta }) => meta.id);

/** @throws Error where it fails */
function gatorPolicy(...given: readonly string[]): string {
  const env = { ...process.env, GATOR_HOME: join(home, "gator"), GATOR_CATALOG_URL: `file://${published}/catalog.yaml`, KUBECONFIG: loopback.state.kubeconfig };
  const { status, error, stdout, stderr } = spawnSync(requireEngine("gator").path, ["policy", ...given], { env, encoding: "utf8" });
  if (error !== undefined) throw error;
  if (status !== 0) throw new Error(`gator policy ${given.join(" ")}: ${stdout}${stderr}`);
  return stdout;
}

const json = (...given: readonly string[]): unknown => JSON.parse(gatorPolicy(...given, "-o", "json"));
const run = (...given: readonly string[]): string => kubectl(loopback.state, given);
const templates = (): string[] => objectsIn(valueAt(JSON.parse(run("get", "constrainttemplates", "-o", "json")), "items")).map((template) => String(valueAt(template, "metadata", "name"))).sort();
const shipped = installed("gatekeeper").filter((object) => object["kind"] === "ConstraintTemplate").map((object) => String(valueAt(object, "metadata", "name"))).sort();
const constraints = installed("gatekeeper/bundles/recommended/constraints");

async function ask(pod: typeof plainPod): Promise<{ status: number; message: string; found: readonly string[] }> {
  const object = workload("DaemonSet", "new", pod, { namespace: "default" });
  const response = await loopback.as().send("POST", `${collectionOf(object) ?? ""}?dryRun=All`, object);
  return { status: response.status, message: messageOf(response), found: lookingAround.filter((id) => warningsOf(response, id).length > 0) };
}

test("the catalogue lists every template, with its version", () => {
  gatorPolicy("update");
  const found = objectsIn(valueAt(json("search", "host"), "results"));
  expect(found.map(({ name }) => String(name)).filter((name) => !shipped.includes(name))).toEqual([]);
  expect(found.length).toBeGreaterThan(10);
  expect(readFileSync(join(home, "gator", "catalog.yaml"), "utf8")).toBe(readFileSync(join(library, "gatekeeper", "catalog.yaml"), "utf8"));
});

test("a bundle is installed: templates, Constraints, and a violating object is denied", async () => {
  expect((await ask(violatingPod)).status).toBe(201);
  gatorPolicy("install", "--bundle", "recommended");
  expect(templates()).toEqual(shipped);
  for (const constraint of constraints) await enforced(loopback.as(), String(constraint["kind"]), String(valueAt(constraint, "metadata", "name")));
  const { status, message } = await ask(violatingPod);
  expect(status).toBe(403);
  expect(message).toContain("[restrict-host-network] hostNetwork puts DaemonSet default/new on its node's own network");
  expect((await ask(plainPod)).status).toBe(201);
});

test("rules that look at other objects find something once the SyncSets of the guide are there, and not before", async () => {
  const page = readFileSync(join(packageRoot, "docs/channels.md"), "utf8");
  const commands = [...page.matchAll(/^ *kubectl (apply -f library\/gatekeeper\/([^/]+)\/syncset\.yaml)$/gm)];
  expect(commands.map(([, , id]) => id).sort()).toEqual(lookingAround);
  expect((await ask(violatingPod)).found).toEqual(knowing);
  for (const [, command = ""] of commands) run(...command.split(" "));
  await waitFor("what Gatekeeper is to know", async () => ((await ask(violatingPod)).found.length === lookingAround.length ? true : undefined));
});

test("what is installed has the version of the catalogue, and is not installed twice", () => {
  const policies = objectsIn(valueAt(json("list"), "policies"));
  expect(policies.map(({ name }) => String(name)).sort()).toEqual(shipped);
  const versions = Object.entries(released).map(([id, { version }]) => [kindOf(id).toLowerCase(), `v${version}`]);
  expect(Object.fromEntries(policies.map(({ name, version }) => [name, version]))).toEqual(Object.fromEntries(versions));
  expect(listOf(valueAt(json("install", ...shipped), "result", "skipped"))).toHaveLength(shipped.length);
});

test("a new version of one policy is an upgrade of that one", async () => {
  const template = join(published, "restrict-host-network", "template.yaml");
  writeFileSync(template, readFileSync(template, "utf8").replace(/(metadata\.gatekeeper\.sh\/version:) .*/, "$1 999.0.0"));
  const catalogue = join(published, "catalog.yaml");
  writeFileSync(catalogue, readFileSync(catalogue, "utf8").replace(/(- name: restricthostnetwork\n\s+version:) .*/, "$1 v999.0.0"));
  gatorPolicy("update");
  gatorPolicy("upgrade", "--all");
  const upgraded = objectsIn(valueAt(json("list"), "policies")).filter(({ version }) => version === "v999.0.0");
  expect(upgraded.map(({ name }) => name)).toEqual(["restricthostnetwork"]);
  await enforced(loopback.as(), "RestrictHostNetwork", "restrict-host-network");
  expect((await ask(violatingPod)).status).toBe(403);
});

// The kinds of the Constraints go with their templates by the garbage collector of Kubernetes, which does not run here.
test("what was installed is removed again, and denies nothing any more", async () => {
  gatorPolicy("uninstall", "--bundle", "recommended");
  expect(templates()).toEqual([]);
  await waitFor("the webhook to forget", async () => ((await ask(violatingPod)).status === 201 ? true : undefined));
});
