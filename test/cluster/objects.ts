/** Cases as requests to a real API server. */
import type { Client, Response } from "../../cluster/client.js";
import { waitFor } from "../../cluster/process.js";
import type { ReviewRequest } from "../../manifest/run.js";
import type { Loopback } from "./loopback.js";
import { isObject, type JsonObject } from "../../generator/schema/json.js";
import { apiVersionOf, namespaceKind, networkPolicyKind, workloadKinds, type ObjectKind } from "../../policies/kit/workload-kinds.js";

const kinds: readonly ObjectKind[] = [...workloadKinds, namespaceKind, networkPolicyKind];

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
  const object = { apiVersion: "v1", kind: "Namespace", metadata: { name, labels } };
  const made = await client.send("POST", "/api/v1/namespaces", object);
  if (made.status === 201) return;
  const there = await client.send("GET", `/api/v1/namespaces/${name}`);
  const old = isObject(there.body["metadata"]) ? there.body["metadata"]["labels"] : {};
  const gone = Object.fromEntries(Object.keys(isObject(old) ? old : {}).filter((key) => key !== "kubernetes.io/metadata.name").map((key) => [key, null]));
  expectStatus(await client.send("PATCH", `/api/v1/namespaces/${name}`, { metadata: { labels: { ...gone, ...labels } } }), 200);
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

/** Somebody whose requests no policy reviews. */
export const NOBODY = "nobody-looks";

/**
 * Sends a request twice: as somebody whom no policy reviews, to see what the server makes of it, and as `user`. Nothing of it stays.
 * @param labels of the Namespace that the object lies in
 */
export async function askServer(loopback: Loopback, { operation, object, oldObject }: ReviewRequest, user: string, labels: JsonObject): Promise<Asked> {
  if (!isObject(object) || (oldObject !== undefined && !isObject(oldObject))) return { refused: "it is no object" };
  const collection = collectionOf(object);
  if (collection === undefined) return { refused: "there is no such kind" };
  const nobody = loopback.as(NOBODY);
  const isNamespaced = object["kind"] !== "Namespace";
  if (isNamespaced) await putNamespace(nobody, namespaceIn(object), labels);
  const namespaceObject = isNamespaced ? (await nobody.send("GET", `/api/v1/namespaces/${namespaceIn(object)}`)).body : undefined;
  const context = namespaceObject === undefined ? {} : { namespaceObject };
  if (operation !== "UPDATE") {
    const plain = await nobody.send("POST", `${collection}?dryRun=All`, object);
    if (plain.status !== 201) return { refused: messageOf(plain) };
    const response = await loopback.as(user).send("POST", `${collection}?dryRun=All`, object);
    return { stored: { object: plain.body, request: { operation: "CREATE", object: plain.body, ...context } }, response };
  }
  if (oldObject === undefined || oldObject["apiVersion"] !== object["apiVersion"] || oldObject["kind"] !== object["kind"]) return { refused: "an object never becomes one of another kind" };
  if (nameIn(oldObject) === "" || pathOf(oldObject) !== pathOf(object)) return { refused: "an object keeps its name" };
  const before = await createOld(nobody, oldObject, object);
  if ("refused" in before) return before;
  try {
    const version = metadataOf(before.body)["resourceVersion"];
    const changed = { ...object, metadata: { ...metadataOf(object), resourceVersion: version } };
    const plain = await nobody.send("PUT", `${pathOf(object)}?dryRun=All`, changed);
    if (plain.status !== 200) return { refused: messageOf(plain) };
    const response = await loopback.as(user).send("PUT", `${pathOf(object)}?dryRun=All`, changed);
    return { stored: { object: plain.body, request: { operation: "UPDATE", object: plain.body, oldObject: before.body, ...context } }, response };
  } finally {
    await remove(nobody, oldObject);
  }
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

/** Deletes an object, and waits until it is gone. */
export async function remove(nobody: Client, object: JsonObject): Promise<void> {
  const path = pathOf(object);
  // Finalizers first: nobody is there who would act on them.
  expectStatus(await nobody.send("PATCH", path, { metadata: { finalizers: null } }), 200, 404);
  expectStatus(await nobody.send("DELETE", path, deletion), 200, 202, 404);
  await waitFor(`the end of ${path}`, async () => ((await nobody.send("GET", path)).status === 404 ? true : undefined));
}

const deletion = { apiVersion: "v1", kind: "DeleteOptions", gracePeriodSeconds: 0, propagationPolicy: "Background" };
