/**
 * The ValidatingAdmissionPolicies in a real API server, as the newest Kubernetes and as the oldest that it can behave as: every
 * case as a request that is not stored (`dryRun=All`). The server's own defaults are in force, so what it makes of an object is
 * what the rule's TypeScript is asked about.
 */
import { readFileSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { emulatableVersions } from "../../cluster/api-server.js";
import type { Response } from "../../cluster/client.js";
import { waitFor } from "../../cluster/process.js";
import { isObject, type JsonObject } from "../../generator/schema/json.js";
import { admissionPolicy } from "../../generator/targets/admission-policy.js";
import { isExpressible } from "../../generator/targets/known.js";
import { messageText } from "../../manifest/run.js";
import { loadCases } from "../cases.js";
import { compiledRules, completeParameters } from "../compiled.js";
import { grouped } from "../engines/runner.js";
import { runInJs } from "../executors/js.js";
import { asJson } from "../json.js";
import { startLoopback, type Loopback } from "./loopback.js";
import { askServer, expectStatus, messageOf, metadataOf, NOBODY, withoutMadeUpNames } from "./objects.js";

const registration = "/apis/admissionregistration.k8s.io/v1";

/** Each set of parameters is a policy of its own, which reviews the requests of one user only; a rule that CEL cannot express has none. */
const groups = compiledRules.flatMap((rule) =>
  grouped(loadCases().filter((one) => one.rule === rule.meta.id)).map((cases, index) => ({ rule, cases, user: `${rule.meta.id}-${String(index)}`, isReviewed: isExpressible(rule, "admission-policy") })),
);
type Group = (typeof groups)[number];

const policyOf = ({ rule, cases }: Group): JsonObject => asJson(admissionPolicy(rule, { parameters: completeParameters(rule.meta.id, cases[0]?.parameters ?? {}) }));

/** Puts a policy into force, for `user` alone. */
async function put(loopback: Loopback, policy: JsonObject, user: string): Promise<void> {
  const spec = isObject(policy["spec"]) ? policy["spec"] : {};
  const matchConditions = [{ name: "asked", expression: `request.userInfo.username == "${user}"` }];
  const binding = { apiVersion: "admissionregistration.k8s.io/v1", kind: "ValidatingAdmissionPolicyBinding", metadata: { name: user }, spec: { policyName: user, validationActions: ["Deny"] } };
  const made = await loopback.as().send("POST", `${registration}/validatingadmissionpolicies`, { ...policy, metadata: { name: user }, spec: { ...spec, matchConditions } });
  expect(expectStatus(made, 201).warnings).toEqual([]);
  expectStatus(await loopback.as().send("POST", `${registration}/validatingadmissionpolicybindings`, binding), 201);
}

/** The server takes up all new policies at once, in the order in which they were made: once this last one is in force, all are. */
async function waitForPolicies(loopback: Loopback): Promise<void> {
  const resourceRules = [{ apiGroups: [""], apiVersions: ["v1"], operations: ["CREATE"], resources: ["configmaps"] }];
  await put(loopback, { apiVersion: "admissionregistration.k8s.io/v1", kind: "ValidatingAdmissionPolicy", spec: { matchConstraints: { resourceRules }, validations: [{ expression: "false" }] } }, "canary");
  const configMap = { apiVersion: "v1", kind: "ConfigMap", metadata: { name: "canary" } };
  await waitFor("the last policy", async () => ((await loopback.as("canary").send("POST", "/api/v1/namespaces/default/configmaps?dryRun=All", configMap)).status === 201 ? undefined : true));
}

/** The text of a denial; empty where the server admits. */
function verdictOf(response: Response, user: string): string {
  if (response.status < 300) return "";
  const denial = `ValidatingAdmissionPolicy '${user}' with binding '${user}' denied request: `;
  const message = messageOf(response);
  const at = message.indexOf(denial);
  return at === -1 ? `(${String(response.status)}) ${message}` : message.slice(at + denial.length);
}

const { oldest, newest } = emulatableVersions();
const table: { readonly version: string; compared: number; offline: number; readonly changedByDefaults: string[] }[] = [];
afterAll(() => {
  const lines = table.map(({ version, compared, offline, changedByDefaults }) => `${version.padEnd(24)}${String(compared).padEnd(16)}${String(offline).padEnd(16)}${String(changedByDefaults.length)}`);
  const changed = new Set(table.flatMap(({ changedByDefaults }) => changedByDefaults));
  console.log([`${"kube-apiserver".padEnd(24)}${"cases compared".padEnd(16)}${"never admitted".padEnd(16)}findings changed by its defaults`, ...lines, ...[...changed].map((name) => `changed by defaults: ${name}`)].join("\n"));
});

test("the README names the versions of Kubernetes that this file asks", () => {
  expect(readFileSync(new URL("../../README.md", import.meta.url), "utf8")).toContain(`Kubernetes ${oldest} to ${newest}`);
});

describe.each([newest, oldest])("Kubernetes %s", (version) => {
  let loopback: Loopback;
  const counts = { version: version === newest ? version : `${newest} as ${version}`, compared: 0, offline: 0, changedByDefaults: [] as string[] };

  beforeAll(async () => {
    table.push(counts);
    // Pod Security would refuse some Pods that a rule speaks of, and so hide what the rule says of them.
    loopback = await startLoopback({ ...(version === newest ? {} : { emulatedVersion: version }), podSecurityExempt: [NOBODY, ...groups.map(({ user }) => user)] });
    for (const group of groups.filter(({ isReviewed }) => isReviewed)) await put(loopback, policyOf(group), group.user);
    await waitForPolicies(loopback);
  });

  afterAll(() => loopback.end());

  describe.each(groups)("$user", ({ rule, user, cases, isReviewed }) => {
    test.each(cases.map((one) => ({ title: one.name, one })))("$title", async ({ one }) => {
      const { namespaceObject } = one.request;
      const { labels } = isObject(namespaceObject) ? metadataOf(namespaceObject) : {};
      const asked = await askServer(loopback, one.request, user, isObject(labels) ? labels : {});
      // What no API server admits is marked so, and nothing else is.
      expect(asked.refused === undefined, asked.refused ?? one.offline).toBe(one.offline === undefined);
      if (asked.refused !== undefined) {
        counts.offline += 1;
        return;
      }
      const { stored, response } = asked;
      if (!isReviewed) {
        expect(verdictOf(response, user)).toBe("");
        return;
      }
      const expected = messageText(rule.meta.id, runInJs(rule.meta.id, stored.request, one.parameters));
      expect(withoutMadeUpNames(verdictOf(response, user), stored)).toBe(withoutMadeUpNames(expected, stored));
      counts.compared += 1;
      if (expected !== messageText(rule.meta.id, one.violations)) counts.changedByDefaults.push(`${rule.meta.id}: ${one.name}`);
    });
  });
});
