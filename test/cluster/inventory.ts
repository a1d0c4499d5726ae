/** The other objects of a case, really stored. */
import type { Client } from "../../cluster/client.js";
import { isObject, type JsonObject } from "../../generator/schema/json.js";
import type { ReviewRequest } from "../../manifest/run.js";
import { collectionOf, messageOf, metadataOf, namespaceIn, pathOf, putNamespace, remove } from "./objects.js";

export interface StoredInventory {
  /** Why the server does not take all of it. */
  readonly refused: string | undefined;
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
  let refused: string | undefined;
  const stored: JsonObject[] = [];
  for (const other of wanted) {
    if (other["kind"] !== "Namespace") stored.push(other);
    refused = await store(client, other);
    if (refused !== undefined) break;
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
  // A Namespace that is there keeps its labels: the inventory may hold it too.
  const around = await client.send("POST", "/api/v1/namespaces", { apiVersion: "v1", kind: "Namespace", metadata: { name: namespaceIn(object) } });
  if (around.status !== 201 && around.status !== 409) return messageOf(around);
  const made = await client.send("POST", collectionOf(object) ?? "", object);
  if (made.status !== 201) return `${pathOf(object)}: ${messageOf(made)}`;
  // The server ignores the status of a new object.
  if (!isObject(object["status"])) return undefined;
  const changed = await client.send("PATCH", `${pathOf(object)}/status`, { status: object["status"] });
  return changed.status === 200 ? undefined : `${pathOf(object)}: ${messageOf(changed)}`;
}
