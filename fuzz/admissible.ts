/** Turns a random object into one that an API server takes, by what the server says is wrong with it. */
import type { Response } from "../cluster/client.js";
import { isObject, type JsonObject } from "../generator/schema/json.js";
import { parsePath, type Segment } from "../manifest/path.js";
import { objectsIn } from "../test/json.js";

/** Each try puts right all that the server names; what it could not say before comes to light then. */
const TRIES = 20;
const labels = { app: "agent" };

/** Values for fields that the server asks for, by their name. */
const wanted: Readonly<Record<string, (index: number) => unknown>> = {
  containers: () => [{ name: "agent", image: "registry.example.com/agent:1" }],
  name: (index) => `name-${String(index)}`,
  image: () => "registry.example.com/agent:1",
  mountPath: (index) => `/mount/${String(index)}`,
  containerPort: (index) => 20_000 + index,
  port: () => 8080,
  path: () => "/host",
  labels: () => labels,
  selector: () => ({ matchLabels: labels }),
  schedule: () => "0 * * * *",
  restartPolicy: () => "Never",
  dnsConfig: () => ({ nameservers: ["192.0.2.1"] }),
  nodeSelectorTerms: () => [{ matchExpressions: [{ key: "kubernetes.io/os", operator: "In", values: ["linux"] }] }],
  uid: () => "00000000-0000-4000-8000-000000000000",
  apiVersion: () => "apps/v1",
  kind: () => "ReplicaSet",
};

/**
 * @param send asks the server, which must store nothing
 * @returns what the server makes of the mended object; undefined where it goes on refusing
 */
export async function admissible(object: JsonObject, send: (object: JsonObject) => Promise<Response>): Promise<JsonObject | undefined> {
  let current = withOwnSelector(readable(object));
  for (let left = TRIES; left > 0; left--) {
    const { status, body } = await send(current);
    if (status === 201) return body;
    const details = isObject(body["details"]) ? body["details"] : {};
    const causes = objectsIn(details["causes"]);
    if (causes.length === 0) return undefined;
    // From the end, so that a list's other elements stay where they are.
    const places = new Map(causes.map(({ field, reason }) => [String(field), String(reason)]));
    current = [...places].sort(byPlace).reduce((mended, [field, reason]) => mend(mended, field, reason), current);
  }
  return undefined;
}

/** A Job's selector is made up anew by the server each time, unless the Job has one of its own. */
function withOwnSelector(object: JsonObject): JsonObject {
  if (object["kind"] !== "Job") return object;
  const spec = isObject(object["spec"]) ? object["spec"] : {};
  const template = isObject(spec["template"]) ? spec["template"] : {};
  return { ...object, spec: { ...spec, manualSelector: true, selector: { matchLabels: labels }, template: { ...template, metadata: { labels } } } };
}

const byPlace = ([one]: readonly [string, string], [other]: readonly [string, string]): number => other.localeCompare(one, "en", { numeric: true });

/** Puts in what is required, and takes out what is wrong. */
function mend(object: JsonObject, field: string, reason: string): JsonObject {
  const path = pathOf(field);
  if (path === undefined) return object;
  const name = path.findLast((each) => typeof each === "string") ?? "";
  const isPutIn = reason === "FieldValueRequired" || ["apiVersion", "labels", "port", "restartPolicy", "uid"].includes(name);
  // What names something that is not there, or a requirement that cannot be, goes with the element that holds it.
  const isElement = reason === "FieldValueNotFound" || name === "operator" || name === "values";
  const made = change(object, isElement ? path.slice(0, path.findLastIndex((each) => typeof each === "number") + 1) : path, isPutIn ? wanted[name] : undefined);
  return isObject(made) ? made : object;
}

function pathOf(field: string): Segment[] | undefined {
  try {
    return parsePath(field.replace(/\[([A-Za-z][^\]]*)\]/g, (_, key: string) => `[${JSON.stringify(key)}]`));
  } catch {
    return undefined;
  }
}

/** What `make` makes of the index of the element around it, at the path; nothing there where there is no `make`. A path may leave out indexes: it is all elements. */
function change(node: unknown, path: readonly Segment[], make: ((index: number) => unknown) | undefined, index = 0): unknown {
  const [first, ...rest] = path;
  if (first === undefined) return make?.(index);
  if (Array.isArray(node)) {
    const list: readonly unknown[] = node;
    const isMeant = (at: number): boolean => typeof first === "string" || first === at;
    if (typeof first === "number" && rest.length === 0 && make === undefined) return list.filter((_, at) => at !== first);
    return list.map((each, at) => (isMeant(at) ? change(each, typeof first === "string" ? path : rest, make, at) : each));
  }
  const fields = isObject(node) ? node : {};
  const made = change(fields[first], rest, make, index);
  const { [first]: _, ...others } = fields;
  return made === undefined ? others : { ...others, [first]: made };
}

/** Without what the server cannot even read: nothing as an element of a list, and quantities that are none. */
function readable(value: JsonObject): JsonObject {
  const clean = (each: unknown): unknown => (Array.isArray(each) ? each.filter((element) => element !== null).map(clean) : isObject(each) ? readable(each) : each);
  const isQuantity = (each: unknown): boolean => /^\d+(?:\.\d+)?(?:m|k|M|G|Ki|Mi|Gi)?$/.test(String(each));
  const quantities = (each: unknown): unknown => (isObject(each) ? Object.fromEntries(Object.entries(each).filter(([, amount]) => isQuantity(amount))) : each);
  return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, name === "requests" || name === "limits" ? quantities(each) : clean(each)]));
}
