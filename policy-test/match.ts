/** Gatekeeper's `match`: which objects a rule is asked about. Written to decide as Gatekeeper 3.23 does, also where that surprises. */
import { isMapping } from "../manifest/mapping.js";
import { isNamespace, type KubernetesObject } from "./identity.js";

/** The `match` of a Constraint. What is absent restricts nothing. */
export interface Match {
  readonly source?: "All" | "Generated" | "Original";
  readonly kinds?: readonly { readonly apiGroups?: readonly string[]; readonly kinds?: readonly string[] }[];
  readonly scope?: string;
  /** `*` may stand first or last. */
  readonly namespaces?: readonly string[];
  /** `*` may stand first or last. */
  readonly excludedNamespaces?: readonly string[];
  readonly labelSelector?: LabelSelector;
  readonly namespaceSelector?: LabelSelector;
  /** `*` may stand first or last. */
  readonly name?: string;
}

export interface LabelSelector {
  readonly matchLabels?: Readonly<Record<string, string>>;
  readonly matchExpressions?: readonly LabelRequirement[];
}

export interface LabelRequirement {
  readonly key: string;
  readonly operator: "In" | "NotIn" | "Exists" | "DoesNotExist";
  readonly values?: readonly string[];
}

type Labels = ReadonlyMap<string, string>;

/** The Namespace that an object lies in. */
interface Home {
  readonly name: string;
  readonly labels: Labels;
}

/** `unknown namespace`: it depends on the labels of a Namespace that nobody has shown. */
export type Verdict = boolean | "unknown namespace";

/** The Namespace of that name, where it is known. */
export type NamespaceLookup = (name: string) => KubernetesObject | undefined;

/**
 * Whether `match` picks the object.
 * @param impliedNamespace of an object that names none; empty where nothing is known of it, which is no namespace's name
 */
export function matches(match: Match, object: KubernetesObject, namespaceNamed: NamespaceLookup, impliedNamespace: string): Verdict {
  const home = homeOf(textAt(object, "namespace") || impliedNamespace, namespaceNamed);
  const namespace = isNamespace(object) ? textAt(object, "name") : (home?.name ?? textAt(object, "namespace"));
  if (!fitsKinds(match, object) || !fitsScope(match, object)) return false;
  if (isGiven(match.namespaces) && !match.namespaces.some((pattern) => fitsGlob(pattern, namespace))) return false;
  if (isGiven(match.excludedNamespaces) && match.excludedNamespaces.some((pattern) => fitsGlob(pattern, namespace))) return false;
  if (match.labelSelector !== undefined && !selects(match.labelSelector, labelsOf(object))) return false;
  if (match.namespaceSelector !== undefined) {
    const labels = isNamespace(object) ? labelsOf(object) : home?.labels;
    if (labels === undefined) return "unknown namespace";
    if (!selects(match.namespaceSelector, labels)) return false;
  }
  return fitsName(match.name ?? "", object) && match.source !== "Generated";
}

/** Gatekeeper knows a Namespace `default` without having seen it; of an object that names none it takes one without name or labels. */
function homeOf(name: string, namespaceNamed: NamespaceLookup): Home | undefined {
  const known = name === "" ? undefined : namespaceNamed(name);
  if (known !== undefined) return { name, labels: labelsOf(known) };
  return name === "" || name === "default" ? { name, labels: new Map() } : undefined;
}

/** Whether the kinds of a match name that of the object. */
export function fitsKinds({ kinds }: Match, object: KubernetesObject): boolean {
  if (!isGiven(kinds)) return true;
  const { apiVersion, kind } = object;
  const group = typeof apiVersion === "string" && apiVersion.includes("/") ? apiVersion.split("/")[0] : "";
  const has = (list: readonly string[] | undefined, value: unknown): boolean => !isGiven(list) || list.some((each) => each === "*" || each === value);
  return kinds.some((entry) => has(entry.kinds, kind) && has(entry.apiGroups, group));
}

/** Every object but a Namespace counts as namespaced: kinds of the cluster's own are no concern of our rules. */
function fitsScope({ scope }: Match, object: KubernetesObject): boolean {
  return scope === "Cluster" ? isNamespace(object) : scope !== "Namespaced" || !isNamespace(object);
}

function fitsName(pattern: string, object: KubernetesObject): boolean {
  if (pattern === "" || fitsGlob(pattern, textAt(object, "name"))) return true;
  // The rest of a generated name is not known: only a pattern that leaves its end open can fit it.
  return pattern.endsWith("*") && fitsGlob(pattern, textAt(object, "generateName"));
}

/** Whether a pattern, in which `*` may stand first or last, fits a value. */
export function fitsGlob(pattern: string, value: string): boolean {
  const isPrefixed = pattern.startsWith("*");
  const afterStar = isPrefixed ? pattern.slice(1) : pattern;
  const fixed = afterStar.endsWith("*") ? afterStar.slice(0, -1) : afterStar;
  if (isPrefixed && pattern.endsWith("*")) return value.includes(fixed);
  if (isPrefixed) return value.endsWith(fixed);
  return pattern.endsWith("*") ? value.startsWith(fixed) : value === pattern;
}

/** Whether a label selector of Kubernetes picks these labels; an empty one picks all. */
export function selects({ matchLabels = {}, matchExpressions = [] }: LabelSelector, labels: Labels): boolean {
  return (
    Object.entries(matchLabels).every(([key, value]) => labels.get(key) === value) &&
    matchExpressions.every(({ key, operator, values = [] }) => {
      const value = labels.get(key);
      switch (operator) {
        case "In":
          return value !== undefined && values.includes(value);
        case "NotIn":
          return value === undefined || !values.includes(value);
        case "Exists":
          return value !== undefined;
        case "DoesNotExist":
          return value === undefined;
      }
    })
  );
}

/** Null is an empty text, as for every client of Kubernetes; labels that hold anything else count as none at all. */
function labelsOf({ metadata }: KubernetesObject): Labels {
  const labels = isMapping(metadata) && isMapping(metadata.labels) ? Object.entries(metadata.labels) : [];
  const texts = labels.flatMap(([key, value]): [string, string][] => (value === null ? [[key, ""]] : typeof value === "string" ? [[key, value]] : []));
  return new Map(texts.length === labels.length ? texts : []);
}

function textAt({ metadata }: KubernetesObject, name: string): string {
  const value = isMapping(metadata) ? metadata[name] : undefined;
  return typeof value === "string" ? value : "";
}

function isGiven<Element>(list: readonly Element[] | undefined): list is readonly Element[] {
  return list !== undefined && list.length > 0;
}
