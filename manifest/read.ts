import type { ReviewRequest } from "./run.js";
import { parsePath, type Segment } from "./path.js";
import { isMapping } from "./mapping.js";
import { namesKind } from "./unknown-kind.js";
import { lineIndex, type Position } from "./lines.js";
import { parseYaml, type YamlSource } from "./yaml.js";

export type { Position } from "./lines.js";

/** A place in a file that cannot be read, and why. */
export interface ManifestError extends Position {
  readonly file: string;
  readonly message: string;
}

/** One Kubernetes object of a file. */
export interface ManifestDocument {
  readonly file: string;
  /** Plain JSON data. apiVersion and kind may be missing; Kubernetes would refuse such an object. */
  readonly object: Readonly<Record<string, unknown>>;
  /** The request of an AdmissionReview; its `object` is the one above (oldObject for a DELETE). */
  readonly request?: Pick<ReviewRequest, "operation" | "oldObject" | "userInfo">;
  /**
   * Where the value at a path such as `spec.template.spec.containers[0].args[2]` stands; where it is absent, its
   * nearest ancestor, at the ancestor's key. A value on one line stands where it starts, a block of several
   * lines at its key; what an alias or a merge key brings in stands where it is written, beside the anchor.
   * @throws SyntaxError for a text that is no path
   */
  position(path: string): Position;
  /** Where the object lies in its YAML document: below `root`, which is empty but for Lists and AdmissionReviews. */
  readonly root: readonly Segment[];
  readonly source: () => YamlSource;
}

type Mapping = Readonly<Record<string, unknown>>;
type Request = NonNullable<ManifestDocument["request"]>;

/** Something found in a document: an object at a path, or what is wrong there. */
type Found =
  | { readonly path: readonly Segment[]; readonly object: Mapping; readonly request?: Request }
  | { readonly path: readonly Segment[]; readonly problem: string };

export interface Manifest {
  readonly documents: readonly ManifestDocument[];
  readonly errors: readonly ManifestError[];
  /** Where documents stand that are lists of something else, such as a JSON patch, or have tags of another program. */
  readonly foreign: readonly (() => Position)[];
}

/**
 * The objects of a YAML or JSON file, read as Kubernetes clients read it. Lists are taken apart. Documents that are empty
 * are left out; whatever cannot be read is an error, never silently missing.
 */
export function readManifest(text: string, file: string): Manifest {
  const documents: ManifestDocument[] = [];
  const foreign: (() => Position)[] = [];
  const errors: ManifestError[] = [];
  const positionAt = lineIndex(text);
  const yaml = parseYaml(text);
  for (const { offset, message, isForeign } of yaml.errors) {
    if (isForeign === true) foreign.push(() => positionAt(offset));
    else errors.push({ file, ...positionAt(offset), message });
  }
  for (const { value, offset, source } of yaml.documents) {
    if (value === null) continue;
    // A plain value in YAML may be what a stray separator has cut off; in JSON it is what its author wrote.
    if (Array.isArray(value) ? !holdsObject(value) : !isMapping(value) && file.endsWith(".json")) {
      foreign.push(() => positionAt(offset([])));
      continue;
    }
    for (const found of objectsIn(value, [], MAX_LISTS)) {
      if ("problem" in found) errors.push({ file, ...positionAt(offset(found.path)), message: found.problem });
      else documents.push({
        file,
        object: found.object,
        ...(found.request === undefined ? {} : { request: found.request }),
        root: found.path,
        source,
        position: (path) => positionAt(offset([...found.path, ...parsePath(path)])),
      });
    }
  }
  return { documents, errors: errors.sort((a, b) => a.line - b.line || a.column - b.column), foreign };
}

/** Whether an element of a list looks like an object of Kubernetes. */
function holdsObject(list: readonly unknown[]): boolean {
  return list.some((element) => (Array.isArray(element) ? holdsObject(element) : isMapping(element) && namesKind(element)));
}

/** Lists in lists, at most. */
const MAX_LISTS = 10;

function* objectsIn(value: unknown, path: readonly Segment[], listsLeft: number): Generator<Found> {
  if (Array.isArray(value) && path.length === 0) {
    yield { path, problem: "a list of objects is no manifest: write each as a document of its own, or all as the items of a List" };
  } else if (!isMapping(value)) {
    yield { path, problem: `not a Kubernetes object: it must be a mapping with apiVersion and kind, but is ${Array.isArray(value) ? "a list" : "a plain value"}` };
  } else if (isAdmissionReview(value)) {
    yield admissionRequest(value, path);
  } else if (Array.isArray(value["items"]) && isListOfObjects(value, value["items"])) {
    if (!isListKind(value)) yield { path, object: value };
    if (listsLeft === 0) yield { path, problem: "lists nest too deeply" };
    else for (const [index, item] of value["items"].entries()) yield* objectsIn(typed(item, value), [...path, "items", index], listsLeft - 1);
  } else if (value["kind"] === "List" && (value["items"] ?? null) !== null) {
    yield { path: [...path, "items"], problem: "the items of a List must be a list" };
  } else if (value["kind"] !== "List") {
    yield { path, object: value };
  }
}

const isListKind = (value: Mapping): boolean => typeof value["kind"] === "string" && value["kind"].endsWith("List");

/** kubectl takes anything with `items` apart, whatever its kind; items that are objects themselves must not be missed. */
function isListOfObjects(value: Mapping, items: readonly unknown[]): boolean {
  return isListKind(value) || items.some((item) => isMapping(item) && typeof item["apiVersion"] === "string" && typeof item["kind"] === "string");
}

/** The items of a DeploymentList, as the API server prints it, name neither apiVersion nor kind: the list does. */
function typed(item: unknown, list: Mapping): unknown {
  const kind = list["kind"];
  if (!isMapping(item) || "kind" in item || "apiVersion" in item || typeof kind !== "string") return item;
  if (kind === "List" || !isListKind(list)) return item;
  return { apiVersion: list["apiVersion"], kind: kind.slice(0, -"List".length), ...item };
}

const isAdmissionReview = (value: Mapping): boolean =>
  value["kind"] === "AdmissionReview" && typeof value["apiVersion"] === "string" && value["apiVersion"].startsWith("admission.k8s.io/");

function admissionRequest(review: Mapping, path: readonly Segment[]): Found {
  const request = review["request"];
  if (!isMapping(request)) return { path, problem: "an AdmissionReview to be reviewed must have a request" };
  const operation = request["operation"];
  if (operation !== "CREATE" && operation !== "UPDATE" && operation !== "DELETE" && operation !== "CONNECT") {
    return { path: [...path, "request", "operation"], problem: "the operation of an AdmissionReview must be CREATE, UPDATE, DELETE or CONNECT" };
  }
  const name = operation === "DELETE" && !isMapping(request["object"]) ? "oldObject" : "object";
  const object = request[name];
  if (!isMapping(object)) return { path: [...path, "request", name], problem: `the request of this AdmissionReview must have an ${name}` };
  const oldObject = request["oldObject"] ?? undefined;
  const userInfo = request["userInfo"] ?? undefined;
  return { path: [...path, "request", name], object, request: { operation, ...(oldObject === undefined ? {} : { oldObject }), ...(userInfo === undefined ? {} : { userInfo }) } };
}
