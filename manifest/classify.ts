import { isMapping } from "./mapping.js";
import { joinPath } from "./path.js";
import { workloadKindOf } from "./view.js";
import type { WorkloadKind } from "../policies/kit/workload-kinds.js";

/** What the rules can make of an object. */
export type Classified =
  | { readonly kind: "workload"; readonly row: WorkloadKind }
  /** It makes Pods, but the table of kinds does not know where its pod template lies: never to be counted clean. */
  | { readonly kind: "unchecked"; readonly why: string }
  | { readonly kind: "other" };

/** Levels below the object at which a pod template is looked for; the deepest known (JobSet, ManifestWork) lie at 8. */
const SEARCH_DEPTH = 12;

/** Groups, and one kind, whose objects show Pods without making any: schemas, policies with patterns of Pods, old revisions. */
const DESCRIBING: ReadonlySet<string> = new Set([
  "apiextensions.k8s.io",
  "apps/ControllerRevision",
  "kyverno.io",
  "policies.kyverno.io",
  "templates.gatekeeper.sh",
  "constraints.gatekeeper.sh",
  "mutations.gatekeeper.sh",
]);

export function classify(object: unknown): Classified {
  const row = workloadKindOf(object);
  if (row !== undefined) return { kind: "workload", row };
  if (!isMapping(object) || typeof object["kind"] !== "string") return { kind: "other" };
  // A Pod whose apiVersion was forgotten is no clean one.
  const apiVersion = typeof object["apiVersion"] === "string" ? object["apiVersion"] : "(no apiVersion)";
  const [group = ""] = apiVersion.split("/");
  if (DESCRIBING.has(group) || DESCRIBING.has(`${group}/${object["kind"]}`)) return { kind: "other" };
  const path = findPodTemplate(object, "", SEARCH_DEPTH);
  if (path === undefined) return { kind: "other" };
  return { kind: "unchecked", why: `${apiVersion} ${object["kind"]} holds a pod template at ${joinPath(path, "spec")}, but is no kind that the rules know` };
}

/** Path of the first value that looks like a pod template: it has a `spec` with a list of containers. */
function findPodTemplate(value: unknown, path: string, depth: number): string | undefined {
  if (value === null || typeof value !== "object") return undefined;
  if (isMapping(value) && isMapping(value["spec"]) && isContainers(value["spec"]["containers"])) return path;
  if (depth === 0) return undefined;
  for (const [name, child] of Object.entries(value)) {
    if (child === null || typeof child !== "object") continue;
    const found = findPodTemplate(child, joinPath(path, Array.isArray(value) ? Number(name) : name), depth - 1);
    if (found !== undefined) return found;
  }
  return undefined;
}

function isContainers(value: unknown): boolean {
  return Array.isArray(value) && value.some((element) => isMapping(element) && (typeof element["image"] === "string" || typeof element["name"] === "string"));
}
