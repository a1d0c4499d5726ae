/** The cases of a rule as files of objects for Kyverno's tests. */
import { isReviewable } from "../../manifest/view.js";
import { isObject, type JsonObject } from "../schema/json.js";
import type { CompiledRule } from "../compiled.js";
import { clusterOf, namespaceOf, objectNameOf, type Case } from "./cases.js";
import { excludedNamespacesOf } from "./names.js";

/** Objects of one file, all of which have one result. */
export interface Outcome {
  readonly name: string;
  readonly result: "pass" | "fail";
  /** Whether a cluster can be asked about them as well as the command line. */
  readonly inCluster: boolean;
  readonly objects: readonly JsonObject[];
}

/** The files of a rule. What is for the command line alone has `-cli` in its name. */
export function outcomesOf(rule: CompiledRule, cases: readonly Case[]): Outcome[] {
  const asked = cases.filter((one) => runsInKyverno(rule, one) && !rule.needs.includes("inventory") && !hasContext(one));
  const files = (name: string, result: Outcome["result"], some: readonly Case[]): Outcome[] =>
    [true, false].flatMap((inCluster) =>
      withoutDuplicates(some.filter((one) => isForClusters(one) === inCluster)).map((objects, index) => ({
        name: `${name}${inCluster ? "" : "-cli"}${index === 0 ? "" : `-${String(index + 1)}`}`,
        result,
        inCluster,
        objects,
      })),
    );
  return [
    ...files("allowed", "pass", asked.filter((one) => one.violations.length === 0)),
    ...files("disallowed", "fail", asked.filter((one) => one.violations.length > 0)),
  ];
}

/**
 * The cases in which more than the object counts, and that a cluster can be asked about: those that the rule's page shows, what is
 * refused first.
 */
export function contextCases(rule: CompiledRule, cases: readonly Case[]): Case[] {
  const shown = cases.filter((one) => one.example === true && hasContext(one) && runsInKyverno(rule, one) && isForClusters(one));
  return [...shown.filter(({ violations }) => violations.length > 0), ...shown.filter(({ violations }) => violations.length === 0)];
}

/** The command line knows no old object, and no cluster. */
const hasContext = ({ request }: Case): boolean => request.operation === "UPDATE" || clusterOf(request).length > 0;

/** A policy has the defaults written in, and Kyverno's command line counts an object that it does not match as a success. */
const runsInKyverno = ({ meta }: CompiledRule, { parameters, request }: Case): boolean =>
  Object.keys(parameters).length === 0 && isReviewable(request.object, meta.reviews) && !excludedNamespacesOf(meta).includes(namespaceOf(request));

/** Where the filters of Kyverno's own installation keep it from looking. */
const unseenNamespaces = ["kube-node-lease", "kube-public", "kube-system"];
const unseenKinds = ["ReplicaSet"];

/**
 * Whether any cluster with Kyverno can be asked: it would admit the object if it were not for the policy, and Kyverno gets to see it.
 * chainsaw asks for objects by their name, and a Pod's ServiceAccount would have to be there.
 */
function isForClusters({ offline, request }: Case): boolean {
  const { kind, spec } = request.object;
  const name = objectNameOf(request);
  const account = kind === "Pod" && isObject(spec) ? (spec["serviceAccountName"] ?? "") : "";
  const namespace = kind === "Namespace" ? name : namespaceOf(request);
  return offline === undefined && name !== "" && account === "" && !unseenKinds.includes(String(kind)) && !unseenNamespaces.includes(namespace);
}

/** The CLI drops the second of two objects of one kind and name: they go to different files. */
function withoutDuplicates(cases: readonly Case[]): JsonObject[][] {
  const files: { readonly keys: Set<string>; readonly objects: JsonObject[] }[] = [];
  for (const { request } of cases) {
    const key = [request.object["kind"], namespaceOf(request) || "default", objectNameOf(request)].join("/");
    let file = files.find((candidate) => !candidate.keys.has(key));
    if (file === undefined) files.push((file = { keys: new Set(), objects: [] }));
    file.keys.add(key);
    file.objects.push(request.object);
  }
  return files.map((file) => file.objects);
}
