/** The objects that `kubectl apply -k` would install of a folder of the library. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { loadAll } from "js-yaml";
import { isObject, textsOf, type JsonObject } from "../generator/schema/json.js";

export const library = fileURLToPath(new URL("../library", import.meta.url));

const objectsIn = (path: string): JsonObject[] => loadAll(readFileSync(path, "utf8")).filter(isObject);

/**
 * @param folder below that of the library
 * @throws Error where a file is missing
 */
export function installed(folder: string): JsonObject[] {
  const kustomizations = objectsIn(join(library, folder, "kustomization.yaml"));
  const resources = kustomizations.flatMap((kustomization) => textsOf(kustomization["resources"]));
  return resources.flatMap((resource) => (resource.endsWith(".yaml") ? objectsIn(join(library, folder, resource)) : installed(join(folder, resource))));
}
