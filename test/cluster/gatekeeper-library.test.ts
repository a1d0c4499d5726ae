/** The library for Gatekeeper as users install it, with kubectl: templates, bundles, actions and audit. */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startGatekeeper } from "../../cluster/gatekeeper.js";
import { kubectl } from "../../cluster/kubectl.js";
import { waitFor } from "../../cluster/process.js";
import { readBundles } from "../../generator/bundles.js";
import { isExpressible, needsAccess } from "../../generator/targets/known.js";
import { enforcements, kindOf } from "../../generator/targets/names.js";
import { messageText } from "../../manifest/run.js";
import type { JsonObject } from "../../generator/schema/json.js";
import { compiledRule, compiledRules } from "../compiled.js";
import { runInJs } from "../executors/js.js";
import { installed } from "../library-files.js";
import { objectsIn, valueAt } from "../json.js";
import { constraintsPath, denialsOf, enforced, kindIn, statusesOf, warningsOf, withoutPolicies } from "./gatekeeper.js";
import { settle, startGuarded } from "./gatekeeper-probe.js";
import type { Loopback } from "./loopback.js";
import { collectionOf, expectStatus, nameIn, NOBODY, pathOf, putNamespace } from "./objects.js";
import { plainPod, violatingPod, workload } from "./workloads.js";

const ASKER = "asker";
const bundles = ["ack", "recommended", "strict"];

let loopback: Loopback;
let cluster: JsonObject[];

/** What stands in the cluster before any rule does: two workloads that want the same port of every node. */
const before = [workload("DaemonSet", "agent", violatingPod), workload("Deployment", "copy", violatingPod)];

const run = (...args: readonly string[]): string => kubectl(loopback.state, args);

beforeAll(async () => {
  loopback = await startGuarded(ASKER, (state) => startGatekeeper(state, { auditIntervalSeconds: 2, flags: withoutPolicies }));
  const nobody = loopback.as(NOBODY);
  await putNamespace(nobody, "shop");
  for (const object of before) expectStatus(await nobody.send("POST", collectionOf(object) ?? "", object), 201);
});
afterAll(() => loopback.end());

test("kubectl apply -k library/gatekeeper installs every template, and Gatekeeper says of none that it has an error", async () => {
  run("apply", "-k", "library/gatekeeper");
  run("wait", "--for=jsonpath={.status.created}=true", "constrainttemplates", "--all", "--timeout=180s");
  const { body } = await loopback.as().send("GET", "/apis/templates.gatekeeper.sh/v1/constrainttemplates");
  const templates = objectsIn(body["items"]).filter((template) => nameIn(template) !== "whatisknown");
  expect(templates.map(nameIn).sort()).toEqual(compiledRules.map(({ meta }) => kindOf(meta.id).toLowerCase()).sort());
  for (const template of templates) {
    expect(statusesOf(template), nameIn(template)).toHaveLength(1);
    expect(statusesOf(template).flatMap(({ errors }) => objectsIn(errors)), nameIn(template)).toEqual([]);
  }
});

test("the SyncSets that come with the templates let Gatekeeper know the objects that the rules look for", async () => {
  const { body } = await loopback.as().send("GET", "/apis/syncset.gatekeeper.sh/v1alpha1/syncsets");
  expect(objectsIn(body["items"]).map(nameIn).sort()).toEqual(compiledRules.filter(needsAccess).map(({ meta }) => meta.id).sort());
  cluster = await settle(loopback, "shop");
  expect(cluster.map((object) => `${kindIn(object)} ${nameIn(object)}`)).toEqual(expect.arrayContaining(["DaemonSet agent", "Deployment copy", "Namespace shop"]));
});

/** What Gatekeeper says of violations of a rule: each in Rego, all together in CEL. */
function saying(id: string, object: JsonObject, parameters: JsonObject, operation: "" | "CREATE" = "CREATE"): string[] {
  const namespaceObject = cluster.find((other) => kindIn(other) === "Namespace" && nameIn(other) === "shop");
  const violations = runInJs(id, { operation, object, namespaceObject, inventory: cluster }, parameters);
  if (!isExpressible(compiledRule(id), "gatekeeper-cel")) return violations.map(({ message }) => message).sort();
  return violations.length === 0 ? [] : [messageText(id, violations)];
}

const parametersOf = (constraint: JsonObject): JsonObject => (valueAt(constraint, "spec", "parameters") ?? {}) as JsonObject; // of a Constraint in the library

/** Sends a request that stays without effect, and what the server makes of the object. */
async function ask(object: JsonObject): Promise<{ response: Awaited<ReturnType<ReturnType<Loopback["as"]>["send"]>>; stored: JsonObject }> {
  const path = `${collectionOf(object) ?? ""}?dryRun=All`;
  const stored = expectStatus(await loopback.as(NOBODY).send("POST", path, object), 201).body;
  return { stored, response: await loopback.as(ASKER).send("POST", path, object) };
}

describe.each(bundles)("the bundle %s", (bundle) => {
  const constraints = installed(`gatekeeper/bundles/${bundle}/constraints`);
  const folder = `library/gatekeeper/bundles/${bundle}`;

  beforeAll(async () => {
    run("apply", "-k", `${folder}/templates`);
    run("wait", "--for=jsonpath={.status.created}=true", "constrainttemplates", "--all", "--timeout=180s");
    run("apply", "-k", `${folder}/constraints`);
    for (const constraint of constraints) await enforced(loopback.as(), kindIn(constraint), nameIn(constraint));
  });
  afterAll(() => run("delete", "-k", `${folder}/constraints`));

  test("denies what it says that it denies, and warns of the rest", async () => {
    const { response, stored } = await ask(workload("DaemonSet", "new", violatingPod));
    const violated = constraints.filter((constraint) => saying(nameIn(constraint), stored, parametersOf(constraint)).length > 0);
    expect(violated.length).toBeGreaterThan(3);
    expect(response.status).toBe(403);
    for (const constraint of constraints) {
      const said = saying(nameIn(constraint), stored, parametersOf(constraint));
      const denies = valueAt(constraint, "spec", "enforcementAction") === "deny";
      expect(denialsOf(response, nameIn(constraint)), nameIn(constraint)).toEqual(denies ? said : []);
      expect(warningsOf(response, nameIn(constraint)), nameIn(constraint)).toEqual(denies ? [] : said);
    }
  });

  test("admits a workload without the host network, in silence", async () => {
    const { response } = await ask(workload("DaemonSet", "new", plainPod));
    expect(response.status).toBe(201);
    expect(response.warnings).toEqual([]);
  });

  test("leaves kube-system to its owners where it denies", async () => {
    const { response } = await ask(workload("DaemonSet", "new", violatingPod, { namespace: "kube-system" }));
    expect(response.status).toBe(201);
    const warning = constraints.filter((constraint) => valueAt(constraint, "spec", "enforcementAction") === "warn").map(nameIn);
    expect(constraints.map(nameIn).filter((name) => warningsOf(response, name).length > 0).every((name) => warning.includes(name))).toBe(true);
  });
});

test("every bundle of the library is tested here", () => {
  expect(readBundles("policies/bundles", compiledRules).map(({ name }) => name).sort()).toEqual(bundles);
});

/** Puts a rule into force with one action, alone. */
async function only(id: string, enforcementAction: string): Promise<string> {
  const name = `only-${enforcementAction}`;
  const object = { apiVersion: "constraints.gatekeeper.sh/v1beta1", kind: kindOf(id), metadata: { name }, spec: { enforcementAction } };
  kubectl(loopback.state, ["apply", "-f", "-"], JSON.stringify(object));
  await enforced(loopback.as(), kindOf(id), name);
  return name;
}

describe("actions", () => {
  const id = "host-network-dns-policy";
  afterAll(() => run("delete", "hostnetworkdnspolicy", "--all"));

  test("warn admits, with our message as a warning", async () => {
    const name = await only(id, enforcements.warn.gatekeeper);
    const { response, stored } = await ask(workload("Deployment", "new", violatingPod));
    expect(response.status).toBe(201);
    expect(warningsOf(response, name)).toEqual(saying(id, stored, {}));
    run("delete", "hostnetworkdnspolicy", name);
  });

  test("deny denies, with our message", async () => {
    const name = await only(id, enforcements.deny.gatekeeper);
    const { response, stored } = await ask(workload("Deployment", "new", violatingPod));
    expect(response.status).toBe(403);
    expect(denialsOf(response, name)).toEqual(saying(id, stored, {}));
    run("delete", "hostnetworkdnspolicy", name);
  });

  test("dryrun admits in silence, and audit reports it", async () => {
    const name = await only(id, "dryrun");
    const { response } = await ask(workload("Deployment", "new", violatingPod));
    expect(response.status).toBe(201);
    expect(response.warnings).toEqual([]);
    expect((await audited(id, name)).map(({ name: object }) => object).sort()).toEqual(["agent", "copy"]);
  });
});

/** What audit has written to a Constraint. */
async function audited(id: string, name: string): Promise<JsonObject[]> {
  return waitFor(`the audit of ${name}`, async () => {
    const { body } = await loopback.as().send("GET", `${constraintsPath(kindOf(id))}/${name}`);
    const count = valueAt(body, "status", "totalViolations");
    return typeof count === "number" && count > 0 ? objectsIn(valueAt(body, "status", "violations")) : undefined;
  });
}

/** Audit cuts messages at 256 bytes. */
const cut = (text: string): string => (text.length > 256 ? `${text.slice(0, 253)}...` : text);

describe.each(["restrict-host-network", "host-network-reserved-ports", "host-network-shared-port"])("audit, %s", (id) => {
  test("reports what was there before the rule, with our message", async () => {
    const name = await only(id, "deny");
    const found = await audited(id, name);
    const expected = before.flatMap((object) => saying(id, cluster.find((other) => kindIn(other) === kindIn(object) && nameIn(other) === nameIn(object)) ?? {}, {}, "").map((text) => `${kindIn(object)} shop/${nameIn(object)}: ${cut(text)}`));
    expect(expected).toHaveLength(2);
    expect(found.map(({ kind, namespace, name: object, message }) => `${String(kind)} ${String(namespace)}/${String(object)}: ${String(message)}`).sort()).toEqual(expected.sort());
    run("delete", kindOf(id).toLowerCase(), name);
    for (const object of before) expect((await loopback.as().send("GET", pathOf(object))).status).toBe(200);
  });
});
