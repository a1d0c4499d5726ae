/** The kinds beside workloads whose objects rules look at, and the fields that they read of them. */
import { map, records, text, type Field } from "../policies/kit/fields.js";

/** Key of the kind (see kindKeyOf) of a Namespace. */
export const NAMESPACE = "v1/Namespace";

/** The record of the table that each kind is read as, by the key of the kind (see kindKeyOf). */
export const contextKinds: ReadonlyMap<string, string> = new Map([
  [NAMESPACE, "Namespace"],
  ["networking.k8s.io/NetworkPolicy", "NetworkPolicy"],
]);

/** Records in the form of the view's table (policies/kit/view.ts). */
export const contextTable: Readonly<Record<string, Readonly<Record<string, Field<unknown>>>>> = {
  Namespace: {
    name: text("", "metadata", "name"),
    labels: map("metadata", "labels"),
  },
  NetworkPolicy: {
    namespace: text("default", "metadata", "namespace"),
    name: text("", "metadata", "name"),
    matchLabels: map("spec", "podSelector", "matchLabels"),
    matchExpressions: records("SelectorRequirement", [["spec", "podSelector", "matchExpressions"]]),
  },
  SelectorRequirement: {
    key: text("", "key"),
    operator: text("", "operator"),
    values: { type: "texts", path: ["values"] },
  },
};
