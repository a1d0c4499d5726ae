/**
 * The cases of every rule as real requests to an API server that asks Kyverno. A policy has its parameters written in, so each set of
 * parameters is a policy of its own, which reviews the requests of one user only.
 */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Client, Response } from "../../cluster/client.js";
import { kubectl } from "../../cluster/kubectl.js";
import { waitFor } from "../../cluster/process.js";
import type { CompiledRule } from "../../generator/compiled.js";
import { isObject, type JsonObject } from "../../generator/schema/json.js";
import { isExpressible, kyvernoRole, needsAccess, type Form } from "../../generator/targets/known.js";
import { messageText } from "../../manifest/run.js";
import { loadCases, type RuleCase } from "../cases.js";
import { compiledRules, completeParameters } from "../compiled.js";
import { grouped } from "../engines/runner.js";
import { runInJs } from "../executors/js.js";
import { writeFigures } from "../figures.js";
import { asJson } from "../json.js";
import { waitForCanary } from "./canary.js";
import { startKyvernoLoopback, waitForCondition } from "./kyverno.js";
import type { Loopback } from "./loopback.js";
import { askServer, collectionOf, expectStatus, messageOf, metadataOf, namespaceIn, nameIn, NOBODY, pathOf, putNamespace, remove, withoutMadeUpNames, type Asked } from "./objects.js";

/** A kind of policy. */
export interface PolicyKind {
  readonly name: string;
  readonly form: Form;
  /** Where the API server keeps the policies. */
  readonly collection: string;
  /** Condition of a policy that Kyverno has taken up. */
  readonly inForce: string;
  /** How many sets of parameters of each rule are asked about, the defaults first; all where absent. What is left out is printed. */
  readonly sample?: number;
  /** Denies, and is for `user` alone. */
  policyOf(rule: CompiledRule, parameters: JsonObject, user: string): JsonObject;
  /** The same for a policy that refuses every ConfigMap. */
  canary(user: string): JsonObject;
  /** What the policy of `user` says of the request; empty where the server admits. */
  verdictOf(response: Response, user: string, rule: string): string;
}

/** Declares the tests of all cases. */
export function describeCases(kind: PolicyKind): void {
  const all = compiledRules
    .filter((rule) => isExpressible(rule, kind.form))
    .flatMap((rule) => byDefaultsFirst(grouped(loadCases().filter((one) => one.rule === rule.meta.id))).map((cases, index) => ({ rule, cases, index, user: `${rule.meta.id}-${String(index)}` })));
  const groups = all.filter(({ index }) => index < (kind.sample ?? Infinity));
  const leftOut = all.filter(({ index }) => index >= (kind.sample ?? Infinity)).flatMap(({ cases }) => cases).length;
  let loopback: Loopback;

  beforeAll(async () => {
    loopback = await startKyvernoLoopback();
    // Kyverno's own check of policies may last longer than the server waits for it.
    const put = (policy: JsonObject): Promise<boolean> =>
      waitFor("a policy", async () => {
        expectStatus(await loopback.as().send("POST", kind.collection, policy), 201, 409);
        return true;
      });
    for (const rule of compiledRules.filter(needsAccess)) kubectl(loopback.state, ["apply", "-f", "-"], JSON.stringify(kyvernoRole(rule)));
    for (const { rule, cases, user } of groups) await put(kind.policyOf(rule, asJson(completeParameters(rule.meta.id, cases[0]?.parameters ?? {})), user));
    await put(kind.canary("canary"));
    await waitForCondition(loopback, kind.collection, kind.inForce);
    await waitForCanary(loopback, "canary");
  });
  afterAll(() => loopback.end());

  const counts = { compared: 0, denied: 0, refused: 0, notHeld: 0, disagreements: 0 };
  afterAll(() => {
    writeFigures(`cluster-${kind.form}`, [{ engine: kind.name, cases: counts.compared, leftOut: loadCases().length - counts.compared, others: 0, disagreements: counts.disagreements }]);
    console.log(`${kind.name}: ${String(groups.length)} policies, ${String(counts.compared)} cases compared, ${String(counts.denied)} of them denied; ${String(counts.refused)} that the API server itself refuses, ${String(counts.notHeld)} of clusters that it does not hold, ${String(leftOut)} left out with ${String(all.length - groups.length)} sets of parameters`);
  });

  describe.each(groups)("$user", ({ rule, user, cases }) => {
    test.each(cases.map((one) => ({ title: one.name, one })))("$title", async ({ one }) => {
      // Kyverno's own copy of the Namespaces lags a little behind what the request before has changed.
      for (let attempts = rule.needs.includes("namespace") ? 10 : 1; attempts > 0; attempts -= 1) {
        const asked = await askLive(loopback, one, user);
        // What no API server admits is marked so in the cases: admission-policy.test.ts holds them to it.
        if (asked.refused !== undefined) {
          counts[asked.refused.startsWith(CLUSTER_REFUSED) ? "notHeld" : "refused"] += 1;
          return;
        }
        const { stored, response } = asked;
        const expected = withoutMadeUpNames(messageText(rule.meta.id, runInJs(rule.meta.id, stored.request, one.parameters)), stored);
        const verdict = withoutMadeUpNames(kind.verdictOf(response, user, rule.meta.id), stored);
        if (attempts > 1 && verdict !== expected) continue;
        counts.compared += 1;
        if (verdict !== expected) counts.disagreements += 1;
        expect(verdict).toBe(expected);
        if (expected !== "") counts.denied += 1;
        return;
      }
    });
  });
}

const byDefaultsFirst = (groups: readonly RuleCase[][]): RuleCase[][] => {
  const isDefault = ([one]: readonly RuleCase[]): boolean => Object.keys(one?.parameters ?? {}).length === 0;
  return [...groups.filter(isDefault), ...groups.filter((group) => !isDefault(group))];
};

const CLUSTER_REFUSED = "the cluster does not hold ";

/** Asks with the case's other objects really stored in the cluster. */
async function askLive(loopback: Loopback, { request }: RuleCase, user: string): Promise<Asked> {
  const nobody = loopback.as(NOBODY);
  const labels = isObject(request.namespaceObject) ? metadataOf(request.namespaceObject)["labels"] : {};
  const own = isObject(request.object) && collectionOf(request.object) !== undefined ? pathOf(request.object) : "";
  const inventory = (request.inventory ?? []).filter(isObject).filter((object) => collectionOf(object) === undefined || pathOf(object) !== own);
  const held: JsonObject[] = [];
  try {
    for (const object of inventory) {
      const refused = await hold(nobody, object, held);
      if (refused !== undefined) return { refused: `${CLUSTER_REFUSED}${nameIn(object)}: ${refused}` };
    }
    const impossible = isObject(request.object) && request.object["kind"] !== "Namespace" ? await refusedNamespace(nobody, namespaceIn(request.object), isObject(labels) ? labels : {}) : undefined;
    if (impossible !== undefined) return { refused: `${CLUSTER_REFUSED}the Namespace: ${impossible}` };
    const asked = await askServer(loopback, request, user, isObject(labels) ? labels : {});
    return asked.refused === undefined ? { ...asked, stored: { ...asked.stored, request: { ...asked.stored.request, inventory: listedIn(held) } } } : asked;
  } finally {
    for (const object of held.filter((each) => each["kind"] !== "Namespace")) await remove(nobody, object);
  }
}

/** As the API server lists them, which is the order of what a policy says. */
const listedIn = (objects: readonly JsonObject[]): JsonObject[] => [...objects].sort((one, other) => (pathOf(one) < pathOf(other) ? -1 : 1));

/** What the server says of a Namespace that cannot be. */
async function refusedNamespace(nobody: Client, name: string, labels: JsonObject): Promise<string | undefined> {
  const answer = await nobody.send("POST", "/api/v1/namespaces?dryRun=All", { apiVersion: "v1", kind: "Namespace", metadata: { name, labels } });
  return answer.status === 422 ? messageOf(answer) : undefined;
}

/**
 * Stores an object with its status, and notes it in `held`.
 * @returns the server's word where it refuses
 */
async function hold(nobody: Client, object: JsonObject, held: JsonObject[]): Promise<string | undefined> {
  const collection = collectionOf(object);
  if (collection === undefined) return "there is no such kind";
  const isNamespace = object["kind"] === "Namespace";
  const { labels } = metadataOf(object);
  const [namespace, itsLabels] = isNamespace ? [nameIn(object), isObject(labels) ? labels : {}] : [namespaceIn(object), {}];
  const refused = await refusedNamespace(nobody, namespace, itsLabels);
  if (refused !== undefined) return refused;
  await putNamespace(nobody, namespace, itsLabels);
  if (isNamespace) {
    held.push(expectStatus(await nobody.send("GET", pathOf(object)), 200).body);
    return undefined;
  }
  const made = await nobody.send("POST", collection, object);
  if (made.status !== 201) return messageOf(made);
  const index = held.push(made.body) - 1;
  if (!isObject(object["status"])) return undefined;
  const changed = await nobody.send("PATCH", `${pathOf(object)}/status`, { status: object["status"] });
  if (changed.status !== 200) return messageOf(changed);
  held[index] = changed.body;
  return undefined;
}
