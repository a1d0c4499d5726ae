/**
 * The ValidatingAdmissionPolicies in a real API server, as the newest Kubernetes and as the oldest that it can behave as: every
 * case as a request that is not stored (`dryRun=All`). The server's own defaults are in force, so what it makes of an object is
 * what the rule's TypeScript is asked about.
 */
import { readFileSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { emulatableVersions } from "../../cluster/api-server.js";
import { isObject, type JsonObject } from "../../generator/schema/json.js";
import { admissionPolicy } from "../../generator/targets/admission-policy.js";
import { isExpressible } from "../../generator/targets/known.js";
import { messageText } from "../../manifest/run.js";
import { loadCases } from "../cases.js";
import { compiledRules, completeParameters } from "../compiled.js";
import { grouped } from "../engines/runner.js";
import { runInJs } from "../executors/js.js";
import { writeFigures } from "../figures.js";
import { asJson } from "../json.js";
import { putPolicy, verdictOf, waitForPolicies } from "./admission.js";
import { startLoopback, type Loopback } from "./loopback.js";
import { askServer, metadataOf, NOBODY, withoutMadeUpNames } from "./objects.js";

/** Each set of parameters is a policy of its own, which reviews the requests of one user only; a rule that CEL cannot express has none. */
const groups = compiledRules.flatMap((rule) =>
  grouped(loadCases().filter((one) => one.rule === rule.meta.id)).map((cases, index) => ({ rule, cases, user: `${rule.meta.id}-${String(index)}`, isReviewed: isExpressible(rule, "admission-policy") })),
);
type Group = (typeof groups)[number];

const policyOf = ({ rule, cases }: Group): JsonObject => asJson(admissionPolicy(rule, { parameters: completeParameters(rule.meta.id, cases[0]?.parameters ?? {}) }));

const { oldest, newest } = emulatableVersions();
const table: { readonly version: string; compared: number; disagreements: number; offline: number; readonly changedByDefaults: string[] }[] = [];
afterAll(() => {
  writeFigures("cluster-admission-policy", table.map(({ version, compared, disagreements }) => ({ engine: `Kubernetes ${version} in a cluster`, cases: compared, leftOut: loadCases().length - compared, others: 0, disagreements })));
  const lines = table.map(({ version, compared, offline, changedByDefaults }) => `${version.padEnd(24)}${String(compared).padEnd(16)}${String(offline).padEnd(16)}${String(changedByDefaults.length)}`);
  const changed = new Set(table.flatMap(({ changedByDefaults }) => changedByDefaults));
  console.log([`${"kube-apiserver".padEnd(24)}${"cases compared".padEnd(16)}${"never admitted".padEnd(16)}findings changed by its defaults`, ...lines, ...[...changed].map((name) => `changed by defaults: ${name}`)].join("\n"));
});

test("the README names the versions of Kubernetes that this file asks", () => {
  expect(readFileSync(new URL("../../README.md", import.meta.url), "utf8")).toContain(`Kubernetes ${oldest} to ${newest}`);
});

describe.each([newest, oldest])("Kubernetes %s", (version) => {
  let loopback: Loopback;
  const counts = { version: version === newest ? version : `${newest} as ${version}`, compared: 0, disagreements: 0, offline: 0, changedByDefaults: [] as string[] };

  beforeAll(async () => {
    table.push(counts);
    // Pod Security would refuse some Pods that a rule speaks of, and so hide what the rule says of them.
    loopback = await startLoopback({ ...(version === newest ? {} : { emulatedVersion: version }), podSecurityExempt: [NOBODY, ...groups.map(({ user }) => user)] });
    for (const group of groups.filter(({ isReviewed }) => isReviewed)) await putPolicy(loopback, policyOf(group), group.user);
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
      const [said, meant] = [verdictOf(response, user), expected].map((text) => withoutMadeUpNames(text, stored));
      counts.compared += 1;
      if (said !== meant) counts.disagreements += 1;
      expect(said).toBe(meant);
      if (expected !== messageText(rule.meta.id, one.violations)) counts.changedByDefaults.push(`${rule.meta.id}: ${one.name}`);
    });
  });
});
