import { apiVersionOf, namespaceKind, networkPolicyKind, workloadKinds } from "../policies/kit/workload-kinds.js";
import { isMapping } from "./mapping.js";

/** Objects in the form of Gatekeeper's `data.inventory`: by version, kind and name, those of Namespaces below the Namespace's name. */
export interface Inventory {
  readonly cluster: InventoryLevel;
  readonly namespace: InventoryLevel;
}

export interface InventoryLevel {
  [name: string]: unknown;
}

const namespaced: ReadonlyMap<string, boolean> = new Map(
  [...workloadKinds, namespaceKind, networkPolicyKind].map((row) => [`${apiVersionOf(row)}/${row.kind}`, row.namespaced]),
);

/** Whether rules can see objects of this kind in the cluster. */
export function isListed(object: unknown): boolean {
  return isMapping(object) && namespaced.has(`${String(object["apiVersion"])}/${String(object["kind"])}`);
}

/** The objects that rules can see, as Rego finds them. Objects without a name, which no cluster holds, are kept apart. */
export function inventoryOf(objects: readonly unknown[]): Inventory {
  const inventory: Inventory = { cluster: {}, namespace: {} };
  for (const [position, object] of objects.entries()) {
    if (!isMapping(object)) continue;
    const [version, kind] = [String(object["apiVersion"]), String(object["kind"])];
    const isNamespaced = namespaced.get(`${version}/${kind}`);
    if (isNamespaced === undefined) continue;
    const metadata = isMapping(object["metadata"]) ? object["metadata"] : {};
    const name = textOf(metadata["name"]) || `(${String(position)})`; // no name that Kubernetes would allow
    const scope = isNamespaced ? below(inventory.namespace, textOf(metadata["namespace"]) || "default") : inventory.cluster;
    below(below(scope, version), kind)[name] = object;
  }
  return inventory;
}

const textOf = (value: unknown): string => (typeof value === "string" ? value : "");

/** The level of that name, made where it is not there yet. */
function below(level: InventoryLevel, name: string): InventoryLevel {
  const known = Object.hasOwn(level, name) ? level[name] : undefined;
  if (isMapping(known)) return known;
  const made: InventoryLevel = {};
  Object.defineProperty(level, name, { value: made, enumerable: true, configurable: true, writable: true }); // `__proto__` is a name as well
  return made;
}
