/** Gatekeeper as the tests use it: templates and Constraints that are in force, and what it says of a request. */
import type { Client, Response } from "../../cluster/client.js";
import { waitFor } from "../../cluster/process.js";
import { isObject, type JsonObject } from "../../generator/schema/json.js";
import { objectsIn, valueAt } from "../json.js";
import { expectStatus, messageOf, nameIn, NOBODY } from "./objects.js";

const templates = "/apis/templates.gatekeeper.sh/v1/constrainttemplates";
const webhooks = "/apis/admissionregistration.k8s.io/v1/validatingwebhookconfigurations";
export const webhookPath = `${webhooks}/gatekeeper-validating-webhook-configuration`;

/** Changes the one webhook of Gatekeeper. Takes effect a moment later. */
export async function changeWebhook(client: Client, change: JsonObject): Promise<void> {
  const { body } = expectStatus(await client.send("GET", webhookPath), 200);
  const [webhook] = objectsIn(body["webhooks"]);
  expectStatus(await client.send("PUT", webhookPath, { ...body, webhooks: [{ ...webhook, ...change }] }), 200);
}

/** With this the webhook does not ask Gatekeeper about what `NOBODY` does, nor do the policies that Gatekeeper makes. */
export const leavesNobodyAlone: JsonObject = { matchConditions: [{ name: "asked", expression: `request.userInfo.username != "${NOBODY}"` }] };

export const kindIn = (object: JsonObject): string => String(object["kind"]);

/** What the parts of Gatekeeper say of a template or Constraint; there is one of each here. */
export const statusesOf = (object: JsonObject): JsonObject[] => objectsIn(valueAt(object, "status", "byPod"));

/** Where Constraints of a kind lie. */
export const constraintsPath = (kind: string): string => `/apis/constraints.gatekeeper.sh/v1beta1/${kind.toLowerCase()}`;

/** Stores a template, or a new version of it, and waits until Gatekeeper runs it. */
export async function putTemplate(client: Client, template: JsonObject): Promise<void> {
  await put(client, templates, template);
  const path = `${templates}/${nameIn(template)}`;
  await waitFor(`the template ${nameIn(template)}`, async () => {
    const { body } = await client.send("GET", path);
    const isCurrent = statusesOf(body).some((status) => status["observedGeneration"] === valueAt(body, "metadata", "generation"));
    return valueAt(body, "status", "created") === true && isCurrent ? true : undefined;
  });
}

/** Stores a Constraint, or a new version of it, and waits until it is enforced. */
export async function putConstraint(client: Client, constraint: JsonObject): Promise<void> {
  const collection = constraintsPath(kindIn(constraint));
  // The kind is served a moment after the template says that it is created.
  await waitFor(`the kind ${kindIn(constraint)}`, async () => ((await client.send("GET", collection)).status === 200 ? true : undefined));
  await put(client, collection, constraint);
  await enforced(client, kindIn(constraint), nameIn(constraint));
}

/** Waits until Gatekeeper enforces a Constraint as it is stored now. */
export async function enforced(client: Client, kind: string, name: string): Promise<void> {
  await waitFor(`the Constraint ${kind} ${name}`, async () => {
    const { body } = await client.send("GET", `${constraintsPath(kind)}/${name}`);
    const isEnforced = (status: JsonObject): boolean => status["enforced"] === true && status["observedGeneration"] === valueAt(body, "metadata", "generation");
    return statusesOf(body).some(isEnforced) ? true : undefined;
  });
}

async function put(client: Client, collection: string, object: JsonObject): Promise<void> {
  const there = await client.send("GET", `${collection}/${nameIn(object)}`);
  if (there.status === 404) {
    expectStatus(await client.send("POST", collection, object), 201);
    return;
  }
  const metadata = { ...(isObject(object["metadata"]) ? object["metadata"] : {}), resourceVersion: valueAt(there.body, "metadata", "resourceVersion") };
  expectStatus(await client.send("PUT", `${collection}/${nameIn(object)}`, { ...object, metadata }), 200);
}

/** Flags with which Gatekeeper makes no policies of its own for the API server, which shows only the first of them that denies. */
export const withoutPolicies: readonly string[] = ["--default-create-vap-binding-for-constraints=false", "--default-create-vap-for-templates=false"];

/** In force at the webhook alone: of the policies that Gatekeeper makes the server shows only the first that denies. */
export const denyAtWebhook: JsonObject = {
  enforcementAction: "scoped",
  scopedEnforcementActions: [{ action: "deny", enforcementPoints: [{ name: "validation.gatekeeper.sh" }] }],
};

const DENIAL = 'admission webhook "validation.gatekeeper.sh" denied the request: ';

/** What the Constraint of this name says in a denial. */
export function denialsOf(response: Response, constraint: string): string[] {
  if (response.status < 300) return [];
  const message = messageOf(response);
  if (!message.includes(DENIAL)) throw new Error(`the API server answered ${String(response.status)}: ${message}`);
  return ownLines(message.slice(message.indexOf(DENIAL) + DENIAL.length).split("\n"), constraint);
}

/** What the Constraint of this name says in warnings. */
export const warningsOf = ({ warnings }: Response, constraint: string): string[] => ownLines(warnings, constraint);

function ownLines(lines: readonly string[], constraint: string): string[] {
  const mark = `[${constraint}] `;
  return lines.filter((line) => line.startsWith(mark)).map((line) => line.slice(mark.length)).sort();
}
