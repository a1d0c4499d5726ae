/** Requests with what rules may ask for beyond an object: its Namespace and the cluster; and Namespaces themselves. */
import fc, { type Arbitrary } from "fast-check";
import type { CompiledRule } from "../generator/compiled.js";
import { isMapping } from "../manifest/mapping.js";
import type { ReviewRequest } from "../manifest/run.js";
import { inPodSpec } from "./mutations.js";
import { requestArbitrary, requirements, workloadArbitrary, type Json } from "./generators.js";

const names = fc.constantFrom("default", "monitoring", "kube-system");
const level = fc.constantFrom("privileged", "privileged", "baseline", "restricted", "", null, undefined);

const namespaceMetadata = fc.tuple(names, level, fc.constantFrom(undefined, null, { app: "agent" })).map(([name, enforce, others]): Json => {
  const labels = others === null ? null : { ...others, ...(enforce === undefined ? {} : { "pod-security.kubernetes.io/enforce": enforce }) };
  return { name, ...(others === undefined && enforce === undefined ? {} : { labels }) };
});
const namespaceArbitrary = namespaceMetadata.map((metadata): Json => ({ apiVersion: "v1", kind: "Namespace", metadata }));

const selectorLabels = fc.constantFrom(undefined, null, {}, {}, { app: "agent" }, { app: "agent" }, { app: "agent" }, { tier: "node" }, { app: null }, { app: "agent", zone: "" });
const networkPolicyArbitrary = fc
  .tuple(fc.constantFrom("deny", "allow", "web"), fc.constantFrom("default", "monitoring", "kube-system", null, undefined), selectorLabels, requirements)
  .map(([name, namespace, matchLabels, matchExpressions]): Json => ({
    apiVersion: "networking.k8s.io/v1",
    kind: "NetworkPolicy",
    metadata: namespace === undefined ? { name } : { name, namespace },
    spec: { podSelector: { ...(matchLabels === undefined ? {} : { matchLabels }), ...(matchExpressions === undefined ? {} : { matchExpressions }) } },
  }));

/** What a cluster holds: every object has a name, and there are no two of one kind, namespace and name. */
function stored(objects: readonly Json[]): Json[] {
  const identities = new Set<string>();
  return objects.flatMap((object, index) => {
    const metadata = isMapping(object["metadata"]) ? object["metadata"] : {};
    const name = typeof metadata["name"] === "string" && metadata["name"] !== "" ? metadata["name"] : `object-${String(index)}`;
    const identity = JSON.stringify([object["apiVersion"], object["kind"], metadata["namespace"] ?? "default", name]);
    if (identities.has(identity)) return [];
    identities.add(identity);
    return [{ ...object, metadata: { ...metadata, name } }];
  });
}

/** The same Pods under another name, as a DaemonSet would have them: they take the same ports. */
function twin(object: unknown): Json[] {
  if (!isMapping(object) || !isMapping(object["spec"])) return [];
  const template = isMapping(object["spec"]["template"]) ? object["spec"]["template"] : { spec: object["spec"] };
  return [{ apiVersion: "apps/v1", kind: "DaemonSet", metadata: { name: "twin", namespace: "monitoring" }, spec: { template } }];
}

const inventoryArbitrary = fc
  .tuple(fc.array(workloadArbitrary, { maxLength: 2 }), fc.array(networkPolicyArbitrary, { minLength: 1, maxLength: 4 }), fc.array(namespaceArbitrary, { maxLength: 2 }), fc.boolean())
  .map(([workloads, policies, namespaces, hasTwin]) => ({ others: [...workloads, ...policies, ...namespaces], hasTwin }));

const namespaceRequestArbitrary: Arbitrary<ReviewRequest> = fc.oneof(
  { weight: 3, arbitrary: namespaceArbitrary.map((object): ReviewRequest => ({ object })) },
  { weight: 2, arbitrary: fc.tuple(namespaceArbitrary, namespaceArbitrary).map(([oldObject, object]): ReviewRequest => ({ operation: "UPDATE", oldObject, object })) },
  { weight: 1, arbitrary: requestArbitrary },
);

/** Changes of hostNetwork, which among all other changes are few. */
const switchArbitrary: Arbitrary<ReviewRequest> = fc
  .tuple(requestArbitrary, fc.constantFrom(true, false, null), fc.constantFrom(true, true, false, null))
  .map(([request, before, after]): ReviewRequest => {
    if (!isMapping(request.object)) return request;
    const set = (value: boolean | null): Json => inPodSpec("hostNetwork", () => value)(isMapping(request.object) ? request.object : {});
    return { operation: "UPDATE", oldObject: set(before), object: set(after) };
  });

/** Requests for a rule, with as much of a context as it asks for; sometimes with none. */
export function requestsFor({ needs, meta }: Pick<CompiledRule, "needs" | "meta">): Arbitrary<ReviewRequest> {
  const plain = meta.reviews === "namespaces" ? namespaceRequestArbitrary : needs.includes("oldObject") ? fc.oneof(requestArbitrary, switchArbitrary) : requestArbitrary;
  const withNamespace = needs.includes("namespace")
    ? fc.tuple(plain, fc.option(namespaceArbitrary, { freq: 10, nil: undefined })).map(([request, namespaceObject]): ReviewRequest => (namespaceObject === undefined ? request : { ...request, namespaceObject }))
    : plain;
  if (!needs.includes("inventory") && !needs.includes("namespace")) return withNamespace;
  return fc.tuple(withNamespace, fc.option(inventoryArbitrary, { freq: 10, nil: undefined })).map(([request, cluster]): ReviewRequest => {
    if (cluster === undefined) return request;
    const own = isMapping(request.object) ? [request.object] : [];
    return { ...request, inventory: stored([...(cluster.hasTwin ? twin(request.object) : []), ...own, ...cluster.others]) };
  });
}
