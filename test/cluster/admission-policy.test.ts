/**
 * The ValidatingAdmissionPolicies in a real API server: every case as a request that is not stored (`dryRun=All`). The server's
 * own defaults are in force, so what it makes of an object is what the rule's TypeScript is asked about.
 */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Response } from "../../cluster/client.js";
import { waitFor } from "../../cluster/process.js";
import { isObject, type JsonObject } from "../../generator/schema/json.js";
import { admissionPolicy } from "../../generator/targets/admission-policy.js";
import { isExpressible } from "../../generator/targets/known.js";
import { messageText } from "../../manifest/run.js";
import { loadCases, type RuleCase } from "../cases.js";
import { compiledRules, completeParameters } from "../compiled.js";
import { grouped } from "../engines/runner.js";
import { runInJs } from "../executors/js.js";
import { startLoopback, type Loopback } from "./loopback.js";
import { askServer, expectStatus, messageOf, withoutMadeUpNames } from "./objects.js";

const registration = "/apis/admissionregistration.k8s.io/v1";

/** Each set of parameters is a policy of its own, which reviews the requests of one user only. */
const groups = compiledRules
  .filter((rule) => isExpressible(rule, "admission-policy"))
  .flatMap((rule) => grouped(loadCases().filter((one) => one.rule === rule.meta.id)).map((cases, index) => ({ rule, cases, user: `${rule.meta.id}-${String(index)}` })));

let loopback: Loopback;

/** A policy with its binding; it is for `user` alone. */
function policiesFor(policy: JsonObject, user: string): [JsonObject, JsonObject] {
  const spec = isObject(policy["spec"]) ? policy["spec"] : {};
  return [
    { ...policy, metadata: { name: user }, spec: { ...spec, matchConditions: [{ name: "asked", expression: `request.userInfo.username == "${user}"` }] } },
    { apiVersion: "admissionregistration.k8s.io/v1", kind: "ValidatingAdmissionPolicyBinding", metadata: { name: user }, spec: { policyName: user, validationActions: ["Deny"] } },
  ];
}

async function put([policy, binding]: readonly [JsonObject, JsonObject]): Promise<void> {
  expect(expectStatus(await loopback.as().send("POST", `${registration}/validatingadmissionpolicies`, policy), 201).warnings).toEqual([]);
  expectStatus(await loopback.as().send("POST", `${registration}/validatingadmissionpolicybindings`, binding), 201);
}

const configMap = { apiVersion: "v1", kind: "ConfigMap", metadata: { name: "canary" } };

beforeAll(async () => {
  loopback = await startLoopback();
  for (const { rule, cases, user } of groups) {
    await put(policiesFor(asJson(admissionPolicy(rule, { parameters: completeParameters(rule.meta.id, cases[0]?.parameters ?? {}) })), user));
  }
  // The server takes up all new policies at once, in the order in which they were made: once the last one is in force, all are.
  const canary = { apiVersion: "admissionregistration.k8s.io/v1", kind: "ValidatingAdmissionPolicy", spec: { matchConstraints: { resourceRules: [{ apiGroups: [""], apiVersions: ["v1"], operations: ["CREATE"], resources: ["configmaps"] }] }, validations: [{ expression: "false" }] } };
  await put(policiesFor(canary, "canary"));
  await waitFor("the last policy", async () => ((await loopback.as("canary").send("POST", "/api/v1/namespaces/default/configmaps?dryRun=All", configMap)).status === 201 ? undefined : true));
});

afterAll(() => loopback.end());

const asJson = (value: object): JsonObject => JSON.parse(JSON.stringify(value)) as JsonObject; // made of JSON

/** The text of a denial; empty where the server admits. */
function verdictOf(response: Response, user: string): string {
  if (response.status < 300) return "";
  const denial = `ValidatingAdmissionPolicy '${user}' with binding '${user}' denied request: `;
  const message = messageOf(response);
  const at = message.indexOf(denial);
  return at === -1 ? `(${String(response.status)}) ${message}` : message.slice(at + denial.length);
}

const counts = { compared: 0, offline: 0, changedByDefaults: 0 };
afterAll(() => {
  console.log(`kube-apiserver: ${String(counts.compared)} cases compared, ${String(counts.offline)} that it would never admit, ${String(counts.changedByDefaults)} whose findings its defaults change`);
});

describe.each(groups)("$user", ({ rule, user, cases }) => {
  test.each(cases.map((one) => ({ title: one.name, one })))("$title", async ({ one }) => {
    const labels = isObject(one.request.namespaceObject) && isObject(one.request.namespaceObject["metadata"]) ? one.request.namespaceObject["metadata"]["labels"] : {};
    const asked = await askServer(loopback, one.request, user, isObject(labels) ? labels : {});
    // What no API server admits is marked so, and nothing else is.
    expect(asked.refused ?? "admitted", one.offline).toEqual(one.offline === undefined ? "admitted" : expect.any(String));
    if (asked.refused !== undefined) {
      expect(one.offline).toBeDefined();
      counts.offline += 1;
      return;
    }
    const { stored, response } = asked;
    const findings = runInJs(rule.meta.id, stored.request, one.parameters);
    const expected = messageText(rule.meta.id, findings);
    expect(withoutMadeUpNames(verdictOf(response, user), stored)).toBe(withoutMadeUpNames(expected, stored));
    counts.compared += 1;
    if (expected !== messageText(rule.meta.id, one.violations)) counts.changedByDefaults += 1;
  });
});
