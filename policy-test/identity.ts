/** Who an object is: what two files must agree in to speak of the same object of a cluster. */
import { NAMESPACE } from "../manifest/context-kinds.js";
import { isMapping } from "../manifest/mapping.js";
import { kindKeyOf, viewOf } from "../manifest/view.js";
import { nameOf } from "../policies/kit/names.js";
import type { ObjectName } from "./report.js";

/** A Kubernetes object as it is read from a file. */
export type KubernetesObject = Readonly<Record<string, unknown>>;

/** The view's own default for an object without a namespace; nothing needs to be written for it. */
const IMPLIED_NAMESPACE = "default";

/** The object with its namespace written into it. A Namespace itself lies in none. */
export function withNamespace(object: KubernetesObject, namespace: string): KubernetesObject {
  if (namespace === IMPLIED_NAMESPACE || isNamespace(object)) return object;
  const metadata = isMapping(object.metadata) ? object.metadata : {};
  if ((metadata.namespace ?? "") !== "") return object;
  return { ...object, metadata: { ...metadata, namespace } };
}

export function isNamespace(object: KubernetesObject): boolean {
  return kindKeyOf(object) === NAMESPACE;
}

/** The namespace that an object lies in; empty for a Namespace itself. */
export function namespaceOf(object: KubernetesObject): string {
  return isNamespace(object) ? "" : textAt(object, "namespace") || IMPLIED_NAMESPACE;
}

/** The name of a Namespace or other object; empty where the API server is to make it. */
export function writtenNameOf(object: KubernetesObject): string {
  return textAt(object, "name");
}

/**
 * Group, kind, namespace and name of an object, as one text; undefined for an object that lacks its kind or its name (one with
 * generateName only is another with each request).
 * @param object with its namespace written into it
 */
export function identityOf(object: KubernetesObject): string | undefined {
  const kind = kindKeyOf(object);
  const name = writtenNameOf(object);
  return kind === "" || name === "" ? undefined : [kind, namespaceOf(object), name].join("/");
}

/** The name of an object for people. */
export function objectName(object: KubernetesObject): ObjectName {
  const { workload } = viewOf(object);
  return { kind: workload.kind, namespace: isNamespace(object) ? "" : workload.namespace, name: nameOf(workload) };
}

/** `DaemonSet monitoring/agent`, `Namespace monitoring`. */
export function describe(object: KubernetesObject): string {
  const { kind, namespace, name } = objectName(object);
  return `${kind} ${namespace === "" ? name : `${namespace}/${name}`}`;
}

function textAt(object: KubernetesObject, name: "name" | "namespace"): string {
  const value = isMapping(object.metadata) ? object.metadata[name] : undefined;
  return typeof value === "string" ? value : "";
}
