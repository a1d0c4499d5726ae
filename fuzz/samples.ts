/** Random requests and parameters for any rule: the tests' own generators, with a seed. */
import fc, { type Arbitrary } from "fast-check";
import type { CompiledRule } from "../generator/compiled.js";
import { isObject, type JsonObject } from "../generator/schema/json.js";
import { isMapping } from "../manifest/mapping.js";
import type { ReviewRequest } from "../manifest/run.js";
import { workloadKindOf } from "../manifest/view.js";
import { parametersOf } from "../test/constructs-parameters.js";
import { requestsFor } from "../test/context-generators.js";
import { parametersArbitrary, requestArbitrary, workloadArbitrary } from "../test/generators.js";
import type { Ready } from "./compile.js";
import type { Sample } from "./engines.js";

const maps: ReadonlySet<string> = new Set(["labels", "matchLabels", "nodeSelector", "requests", "limits"]);

/**
 * An object as an API server stores it, in which no map has null for an entry: it makes the empty text of it. JavaScript sees no
 * such entry, other engines compare the map as it is when they look for what an UPDATE changes.
 */
function stored(value: unknown, name = ""): unknown {
  if (Array.isArray(value)) return value.map((each) => stored(each));
  if (!isObject(value)) return value;
  const fields = Object.entries(value).filter(([, each]) => each !== null || !maps.has(name));
  return Object.fromEntries(fields.map(([field, each]) => [field, stored(each, field)]));
}

const requestsOf = (rule: CompiledRule): Arbitrary<ReviewRequest> =>
  anyRequestsOf(rule).map((request) => (request.operation === "UPDATE" ? { ...request, object: stored(request.object), oldObject: stored(request.oldObject) } : request));

/** Most requests are of workloads that are new: they alone are always reviewed. */
function anyRequestsOf(rule: CompiledRule): Arbitrary<ReviewRequest> {
  if (rule.meta.reviews !== "workloads") return requestsFor(rule);
  const fresh = fc.oneof({ weight: 3, arbitrary: workloadArbitrary.map((object): ReviewRequest => ({ object })) }, { weight: 1, arbitrary: requestArbitrary });
  return rule.needs.length === 0 ? fresh : fc.oneof({ weight: 1, arbitrary: fresh }, { weight: 2, arbitrary: requestsFor(rule) });
}

const parametersFor = ({ compiled, source }: Ready): Arbitrary<Sample["given"]> => (source === undefined ? parametersArbitrary(compiled.meta.id) : parametersOf(compiled.schema));

export function samplesOf(rule: Ready, count: number, seed: number): readonly Sample[] {
  return fc.sample(fc.record({ request: requestsOf(rule.compiled), given: parametersFor(rule) }), { numRuns: count, seed });
}

/**
 * Samples of which each object could be in a cluster, of a name of its own: command-line programs name what they
 * found by it, and refuse others. Few sets of parameters, since each of them is a policy.
 */
export function clusterSamplesOf(rule: Ready, count: number, seed: number): readonly Sample[] {
  const objects = requestsOf(rule.compiled).map(({ object }) => object).filter((object) => isMapping(object) && workloadKindOf(object) !== undefined && isMapping(object["spec"]));
  const given = fc.sample(parametersFor(rule), { numRuns: 2, seed }).map((each) => (each === undefined ? undefined : withoutNulls(each)));
  return fc.sample(objects, { numRuns: count, seed }).map((object, index): Sample => {
    const metadata = isMapping(object) && isMapping(object["metadata"]) ? object["metadata"] : {};
    const { generateName: _, ...others } = metadata;
    return { request: { object: { ...inCluster(isMapping(object) ? object : {}), metadata: { ...others, name: `object-${String(index)}`, namespace: "default" } } }, given: given[index % given.length] };
  });
}

/**
 * A cluster holds quantities as texts. Numbers are left as they are where the command lines write them as JavaScript does:
 * CEL gives large and tiny ones an exponent.
 */
function inCluster(object: JsonObject): JsonObject {
  const isPlain = (amount: unknown): boolean => typeof amount !== "number" || (amount < 1_000_000 && (amount === 0 || amount >= 0.0001));
  const amounts = (given: JsonObject): JsonObject => Object.fromEntries(Object.entries(given).map(([name, amount]) => [name, isPlain(amount) ? amount : String(amount)]));
  const change = (value: unknown, name: string): unknown => {
    if (Array.isArray(value)) return value.map((each) => change(each, ""));
    if (!isObject(value)) return value;
    return name === "requests" || name === "limits" ? amounts(value) : inCluster(value);
  };
  return Object.fromEntries(Object.entries(object).map(([name, value]) => [name, change(value, name)]));
}

/** The API server takes no null where the schema wants something else, nor does gator; a matcher without fields fits no schema. */
function withoutNulls(fields: JsonObject): JsonObject {
  const isEmpty = (value: unknown): boolean => isObject(value) && Object.keys(value).length === 0;
  const clean = (value: unknown): unknown => (Array.isArray(value) ? value.map(clean).filter((each) => !isEmpty(each)) : isObject(value) ? withoutNulls(value) : value);
  return Object.fromEntries(Object.entries(fields).flatMap(([name, value]) => (value === null ? [] : [[name, clean(value)]])));
}
