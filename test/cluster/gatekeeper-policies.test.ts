/**
 * The ValidatingAdmissionPolicies that Gatekeeper makes by itself of templates with CEL and of their Constraints: the API server
 * runs them, also while Gatekeeper is down.
 */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startGatekeeper } from "../../cluster/gatekeeper.js";
import { kubectl } from "../../cluster/kubectl.js";
import { stop, waitFor } from "../../cluster/process.js";
import { isExpressible } from "../../generator/targets/known.js";
import { kindOf } from "../../generator/targets/names.js";
import { isObject, type JsonObject } from "../../generator/schema/json.js";
import { messageText, type ReviewRequest } from "../../manifest/run.js";
import { loadCases, type RuleCase } from "../cases.js";
import { compiledRules } from "../compiled.js";
import { runInJs } from "../executors/js.js";
import { objectsIn, valueAt } from "../json.js";
import { changeWebhook, putConstraint } from "./gatekeeper.js";
import { startGuarded } from "./gatekeeper-probe.js";
import type { Loopback } from "./loopback.js";
import { askServer, expectStatus, messageOf, metadataOf, nameIn, withoutMadeUpNames } from "./objects.js";

const ASKER = "asker";
const registration = "/apis/admissionregistration.k8s.io/v1";

let loopback: Loopback;

const isWithCel = (one: RuleCase): boolean => compiledRules.some((rule) => rule.meta.id === one.rule && isExpressible(rule, "gatekeeper-cel"));

/** One violating case of each rule, in a Namespace of the rule's own, so that no other rule's Constraint looks at it. */
const asked = compiledRules.map((rule) => {
  const one = loadCases().find(({ rule: id, parameters, offline, violations, request }) => id === rule.meta.id && Object.keys(parameters).length === 0 && offline === undefined && violations.length > 0 && (request.inventory ?? []).length === 0);
  return { id: rule.meta.id, one, withCel: isExpressible(rule, "gatekeeper-cel") };
});

const moved = (object: unknown, namespace: string): unknown => (isObject(object) && object["kind"] !== "Namespace" ? { ...object, metadata: { ...metadataOf(object), namespace } } : object);
const movedRequest = ({ request, rule }: RuleCase): ReviewRequest => ({ ...request, object: moved(request.object, rule), ...(request.oldObject === undefined ? {} : { oldObject: moved(request.oldObject, rule) }) });

beforeAll(async () => {
  loopback = await startGuarded(ASKER, (state) => startGatekeeper(state, { auditIntervalSeconds: 3600 }));
  kubectl(loopback.state, ["apply", "-k", "library/gatekeeper"]);
  kubectl(loopback.state, ["wait", "--for=jsonpath={.status.created}=true", "constrainttemplates", "--all", "--timeout=180s"]);
  for (const { id, one } of asked) {
    const namespace = one?.request.object["kind"] === "Namespace" ? nameIn(one.request.object) : id;
    await putConstraint(loopback.as(), { apiVersion: "constraints.gatekeeper.sh/v1beta1", kind: kindOf(id), metadata: { name: id }, spec: { enforcementAction: "deny", match: { namespaces: [namespace] } } });
  }
  // Gatekeeper gives the API server half a minute to learn of a Constraint's kind before it binds a policy to it.
  await waitFor("the bindings", async () => ((await namesOf("validatingadmissionpolicybindings")).length === asked.filter(({ withCel }) => withCel).length ? true : undefined));
});
afterAll(() => loopback.end());

const listOf = async (resource: string): Promise<JsonObject[]> => objectsIn(expectStatus(await loopback.as().send("GET", `${registration}/${resource}`), 200).body["items"]);
const namesOf = async (resource: string): Promise<string[]> => (await listOf(resource)).map(nameIn).sort();

test("each template with CEL has a policy, in which the API server finds nothing wrong, and each with Rego alone has none", async () => {
  expect(await namesOf("validatingadmissionpolicies")).toEqual(asked.filter(({ withCel }) => withCel).map(({ id }) => `gatekeeper-${kindOf(id).toLowerCase()}`).sort());
  for (const policy of await listOf("validatingadmissionpolicies")) expect(valueAt(policy, "status", "typeChecking", "expressionWarnings"), nameIn(policy)).toBeUndefined();
});

describe("while Gatekeeper is down and its webhook says Ignore", () => {
  beforeAll(async () => {
    await changeWebhook(loopback.as(), { failurePolicy: "Ignore" });
    for (const process of loopback.state.processes.filter(({ name }) => name === "gatekeeper")) await stop(process);
  });

  test.each(asked.filter(({ withCel }) => withCel))("the policy of $id denies", async ({ id, one }) => {
    if (one === undefined) throw new Error(`${id} has no violating case`);
    // The server takes a policy up a moment after it is bound.
    const { response, stored } = await waitFor(`the policy of ${id}`, async () => {
      const answer = await askServer(loopback, movedRequest(one), ASKER, {});
      if (answer.refused !== undefined) throw new Error(answer.refused);
      return answer.response.status < 300 ? undefined : answer;
    });
    const denial = `ValidatingAdmissionPolicy 'gatekeeper-${kindOf(id).toLowerCase()}' with binding 'gatekeeper-${kindOf(id).toLowerCase()}-${id}' denied request: `;
    const message = messageOf(response);
    const text = messageText(id, runInJs(id, stored.request, {}));
    expect(withoutMadeUpNames(message.slice(message.indexOf("ValidatingAdmissionPolicy ")), stored)).toBe(withoutMadeUpNames(denial + text, stored));
  }, 30_000);

  test.each(asked.filter(({ withCel }) => !withCel))("nothing says what $id would, which has Rego alone", async ({ one }) => {
    if (one === undefined) return;
    expect(isWithCel(one)).toBe(false);
    const labels = valueAt(one.request.namespaceObject, "metadata", "labels");
    const answer = await askServer(loopback, movedRequest(one), ASKER, isObject(labels) ? labels : {});
    expect(answer.refused ?? answer.response.status).toBe(201);
  });
});
