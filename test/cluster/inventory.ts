/** The other objects of a case, really stored. */
import type { Client } from "../../cluster/client.js";
import { isObject, type JsonObject } from "../../generator/schema/json.js";
import type { ReviewRequest } from "../../manifest/run.js";
import { collectionOf, messageOf, metadataOf, namespaceIn, pathOf, putNamespace, remove } from "./objects.js";

export interface StoredInventory {
  /** Why the server does not take an object of the inventory. */
  readonly refused: readonly string[];
  /** Ends all that was stored; Namespaces stay. */
  remove(): Promise<void>;
}

/**
 * Stores the inventory of a request, but not the object under review: before a CREATE it is not there, and before an UPDATE it is
 * what it was. Objects of kinds that the cases make up are left out, as no rule reads them.
 */
export async function storeInventory(client: Client, { inventory = [], object }: ReviewRequest): Promise<StoredInventory> {
  const own = isObject(object) && collectionOf(object) !== undefined ? pathOf(object) : "";
  const wanted = inventory.filter(isObject).filter((other) => collectionOf(other) !== undefined && pathOf(other) !== own);
  const refused: string[] = [];
  const stored: JsonObject[] = [];
  for (const other of wanted) {
    const reason = await store(client, other);
    if (reason !== undefined) refused.push(reason);
    else if (other["kind"] !== "Namespace") stored.push(other);
  }
  const removeAll = async (): Promise<void> => {
    for (const other of stored) await remove(client, other);
  };
  return { refused, remove: removeAll };
}

/** @returns why the server does not take it */
async function store(client: Client, object: JsonObject): Promise<string | undefined> {
  if (object["kind"] === "Namespace") {
    const labels = metadataOf(object)["labels"];
    await putNamespace(client, String(metadataOf(object)["name"]), isObject(labels) ? labels : {});
    return undefined;
  }
  await putNamespaceOf(client, object);
  const made = await client.send("POST", collectionOf(object) ?? "", object);
  if (made.status !== 201) return `${pathOf(object)}: ${messageOf(made)}`;
  // The server ignores the status of a new object.
  if (!isObject(object["status"])) return undefined;
  const changed = await client.send("PATCH", `${pathOf(object)}/status`, { status: object["status"] });
  return changed.status === 200 ? undefined : `${pathOf(object)}: ${messageOf(changed)}`;
}

/** A Namespace that is there keeps its labels: the inventory may hold it too. */
async function putNamespaceOf(client: Client, object: JsonObject): Promise<void> {
  const there = await client.send("GET", `/api/v1/namespaces/${namespaceIn(object)}`);
  if (there.status !== 200) await putNamespace(client, namespaceIn(object));
}
