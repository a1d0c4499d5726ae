/** Cases as requests to a real API server. */
import type { Client, Response } from "../../cluster/client.js";
import { waitFor } from "../../cluster/process.js";
import type { ReviewRequest } from "../../manifest/run.js";
import type { Loopback } from "./loopback.js";
import { isObject, type JsonObject } from "../../generator/schema/json.js";
import { apiVersionOf, namespaceKind, networkPolicyKind, workloadKinds, type ObjectKind } from "../../policies/kit/workload-kinds.js";

/** A kind that no rule looks at. */
const configMapKind: ObjectKind = { group: "", version: "v1", kind: "ConfigMap", resource: "configmaps", namespaced: true };

const kinds: readonly ObjectKind[] = [...workloadKinds, namespaceKind, networkPolicyKind, configMapKind];

export const metadataOf = (object: JsonObject): JsonObject => (isObject(object["metadata"]) ? object["metadata"] : {});
const textIn = (object: JsonObject, name: string): string => {
  const value = metadataOf(object)[name];
  return typeof value === "string" ? value : "";
};

export const nameIn = (object: JsonObject): string => textIn(object, "name");
export const namespaceIn = (object: JsonObject): string => textIn(object, "namespace") || "default";

/** Where the API server takes objects of this kind; undefined for a kind that the cases make up. */
export function collectionOf(object: JsonObject): string | undefined {
  const row = kinds.find((each) => apiVersionOf(each) === object["apiVersion"] && each.kind === object["kind"]);
  if (row === undefined) return undefined;
  const root = row.group === "" ? `/api/${row.version}` : `/apis/${row.group}/${row.version}`;
  return row.namespaced ? `${root}/namespaces/${namespaceIn(object)}/${row.resource}` : `${root}/${row.resource}`;
}

export const pathOf = (object: JsonObject): string => `${collectionOf(object) ?? ""}/${nameIn(object)}`;

/** Makes sure that the Namespace is there, with these labels. */
export async function putNamespace(client: Client, name: string, labels: JsonObject = {}): Promise<void> {
  expectStatus(await tryNamespace(client, name, labels), 200, 201);
}

/** The same; the answer says whether the server takes such a name and such labels. */
async function tryNamespace(client: Client, name: string, labels: JsonObject): Promise<Response> {
  const object = { apiVersion: "v1", kind: "Namespace", metadata: { name, labels } };
  const made = await client.send("POST", "/api/v1/namespaces", object);
  if (made.status !== 409) return made;
  const there = await client.send("GET", `/api/v1/namespaces/${name}`);
  const old = isObject(there.body["metadata"]) ? there.body["metadata"]["labels"] : {};
  const gone = Object.fromEntries(Object.keys(isObject(old) ? old : {}).filter((key) => key !== "kubernetes.io/metadata.name").map((key) => [key, null]));
  return client.send("PATCH", `/api/v1/namespaces/${name}`, { metadata: { labels: { ...gone, ...labels } } });
}

export function expectStatus(response: Response, ...wanted: readonly number[]): Response {
  if (!wanted.includes(response.status)) throw new Error(`the API server answered ${String(response.status)}: ${JSON.stringify(response.body)}`);
  return response;
}

/** What the server says of a request that it refuses. */
export const messageOf = ({ body }: Response): string => (typeof body["message"] === "string" ? body["message"] : "");

/** What the API server makes of a request, with its defaults: what a policy gets to see. */
export interface Stored {
  readonly object: JsonObject;
  readonly request: ReviewRequest;
}

/** `refused`: why the server itself would never admit the request, whatever policies say. */
export type Asked = { readonly refused: string } | { readonly refused?: undefined; readonly stored: Stored; readonly response: Response };

/** Names that the server makes up differ from request to request. */
export function withoutMadeUpNames(text: string, { object }: Pick<Stored, "object">): string {
  const prefix = textIn(object, "generateName");
  return prefix === "" ? text : text.replaceAll(new RegExp(`${prefix}[a-z0-9]{5}`, "g"), `${prefix}*`);
}

/** Somebody whose requests no policy reviews. */
export const NOBODY = "nobody-looks";

/** Nothing is stored, and a field that a kind does not have is an error, as kubectl asks for. */
const PROBE = "dryRun=All&fieldValidation=Strict";

/** Namespaces that the API server makes by itself: nobody creates them, but their labels are anybody's. */
const inEveryCluster = ["default", "kube-node-lease", "kube-public", "kube-system"];

/**
 * Sends a request twice: as somebody whom no policy reviews, to see what the server makes of it, and as `user`. Nothing of it stays.
 * @param labels of the Namespace that the object lies in
 * @param beforeAsking waits until those who look at the cluster know all that is there
 */
export async function askServer(
  loopback: Loopback,
  { operation, object, oldObject, inventory = [] }: ReviewRequest,
  user: string,
  labels: JsonObject,
  beforeAsking: () => Promise<void> = () => Promise.resolve(),
): Promise<Asked> {
  if (!isObject(object) || (oldObject !== undefined && !isObject(oldObject))) return { refused: "it is no object" };
  const collection = collectionOf(object);
  if (collection === undefined) return { refused: "there is no such kind" };
  const nobody = loopback.as(NOBODY);
  const isNamespace = object["kind"] === "Namespace";
  const around = isNamespace ? undefined : await tryNamespace(nobody, namespaceIn(object), labels);
  if (around !== undefined && around.status >= 300) return { refused: messageOf(around) };
  const context = around === undefined ? {} : { namespaceObject: around.body };
  for (const other of inventory) {
    const refusal = await refusalOf(nobody, other);
    if (refusal !== undefined) return { refused: refusal };
  }
  if (operation !== "UPDATE") {
    if (isNamespace && inEveryCluster.includes(nameIn(object))) return askUpdate(loopback, object, expectStatus(await nobody.send("GET", pathOf(object)), 200).body, user, context, beforeAsking);
    if (isNamespace) await remove(nobody, object);
    const plain = await nobody.send("POST", `${collection}?${PROBE}`, object);
    if (plain.status !== 201) return { refused: messageOf(plain) };
    await beforeAsking();
    const response = await loopback.as(user).send("POST", `${collection}?${PROBE}`, object);
    return { stored: { object: plain.body, request: { operation: "CREATE", object: plain.body, ...context } }, response };
  }
  if (oldObject === undefined || oldObject["apiVersion"] !== object["apiVersion"] || oldObject["kind"] !== object["kind"]) return { refused: "an object never becomes one of another kind" };
  if (nameIn(oldObject) === "" || pathOf(oldObject) !== pathOf(object)) return { refused: "an object keeps its name" };
  if (isNamespace) await remove(nobody, oldObject);
  const before = await createOld(nobody, oldObject, object);
  if ("refused" in before) return before;
  try {
    return await askUpdate(loopback, object, before.body, user, context, beforeAsking);
  } finally {
    await remove(nobody, oldObject);
  }
}

/** Why the server would not store another object of the cluster; undefined where it would. */
async function refusalOf(nobody: Client, object: unknown): Promise<string | undefined> {
  const collection = isObject(object) ? collectionOf(object) : undefined;
  if (!isObject(object) || collection === undefined) return undefined; // of a kind that a CRD may bring
  if (object["kind"] !== "Namespace") {
    const around = await tryNamespace(nobody, namespaceIn(object), {});
    if (around.status >= 300) return messageOf(around);
  }
  const response = await nobody.send("POST", `${collection}?${PROBE}`, object);
  return response.status === 201 || response.status === 409 ? undefined : messageOf(response);
}

/** Asks about a change of what the server holds. */
async function askUpdate(loopback: Loopback, object: JsonObject, before: JsonObject, user: string, context: Pick<ReviewRequest, "namespaceObject">, beforeAsking: () => Promise<void>): Promise<Asked> {
  const path = `${pathOf(object)}?${PROBE}`;
  const changed = { ...object, metadata: { ...metadataOf(object), resourceVersion: metadataOf(before)["resourceVersion"] } };
  const plain = await loopback.as(NOBODY).send("PUT", path, changed);
  if (plain.status !== 200) return { refused: messageOf(plain) };
  await beforeAsking();
  const response = await loopback.as(user).send("PUT", path, changed);
  return { stored: { object: plain.body, request: { operation: "UPDATE", object: plain.body, oldObject: before, ...context } }, response };
}

/** Stores what the object was; one that is being deleted is held back by a finalizer, as it would be. */
async function createOld(nobody: Client, oldObject: JsonObject, object: JsonObject): Promise<{ readonly refused: string } | { readonly body: JsonObject }> {
  const isBeingDeleted = (metadataOf(object)["deletionTimestamp"] ?? null) !== null;
  const { deletionTimestamp: _, ...metadata } = metadataOf(oldObject);
  const finalizers = Array.isArray(metadata["finalizers"]) && metadata["finalizers"].length > 0 ? metadata["finalizers"] : ["example.com/hold"];
  const made = await nobody.send("POST", collectionOf(oldObject) ?? "", { ...oldObject, metadata: isBeingDeleted ? { ...metadata, finalizers } : metadata });
  if (made.status !== 201) return { refused: messageOf(made) };
  if (!isBeingDeleted) return { body: made.body };
  expectStatus(await nobody.send("DELETE", pathOf(oldObject), deletion), 200, 202);
  return { body: expectStatus(await nobody.send("GET", pathOf(oldObject)), 200).body };
}

/** Ends an object, whatever holds it back, and waits until it is gone. */
export async function remove(nobody: Client, object: JsonObject): Promise<void> {
  const path = pathOf(object);
  // Finalizers first: nobody is there who would act on them.
  expectStatus(await nobody.send("PATCH", path, { metadata: { finalizers: null } }), 200, 404);
  expectStatus(await nobody.send("DELETE", path, deletion), 200, 202, 404);
  if (object["kind"] === "Namespace") expectStatus(await nobody.send("PUT", `${path}/finalize`, { ...object, metadata: { name: nameIn(object) }, spec: { finalizers: [] } }), 200, 404, 409);
  await waitFor(`the end of ${path}`, async () => ((await nobody.send("GET", path)).status === 404 ? true : undefined));
}

const deletion = { apiVersion: "v1", kind: "DeleteOptions", gracePeriodSeconds: 0, propagationPolicy: "Background" };
