import { isMapping } from "../manifest/mapping.js";
import { parsePath } from "../manifest/path.js";

const LISTS: ReadonlySet<unknown> = new Set(["containers", "initContainers", "ephemeralContainers"]);

/**
 * The name of the container that `path` leads into, which people know better than its number.
 * @throws SyntaxError for a text that is no path
 */
export function containerAt(object: unknown, path: string): { readonly container?: string } {
  let value = object;
  let isList = false;
  for (const segment of parsePath(path)) {
    if (typeof segment === "number") value = Array.isArray(value) ? (value as readonly unknown[])[segment] : undefined;
    else value = isMapping(value) ? value[segment] : undefined;
    if (isList) return isMapping(value) && typeof value.name === "string" && value.name !== "" ? { container: value.name } : {};
    isList = LISTS.has(segment);
  }
  return {};
}
