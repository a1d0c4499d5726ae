/** What the documents of a file are to the rules that are run. */
import { classify } from "../manifest/classify.js";
import { contextKinds, NAMESPACE } from "../manifest/context-kinds.js";
import type { ManifestDocument } from "../manifest/read.js";
import { typeErrors, type TypeProblem } from "../manifest/validate.js";
import { isObject, unknownKind } from "../manifest/unknown-kind.js";
import { kindKeyOf } from "../manifest/view.js";
import { withNamespace, type KubernetesObject } from "./identity.js";

/** `foreign`: no object of Kubernetes at all. */
export type SubjectKind = "workload" | "namespace" | "networkPolicy" | "unchecked" | "other" | "foreign";

/** A document of a file. */
export interface Subject {
  readonly document: ManifestDocument;
  /** Its object, with the namespace that it is applied to. */
  readonly object: KubernetesObject;
  readonly kind: SubjectKind;
  /** Why a document of the kind `unchecked` cannot be checked; else empty. */
  readonly why: string;
  /** What the API server refuses; values and fields are only looked at where rules would read them. */
  readonly problems: readonly TypeProblem[];
}

/** @param lookedAt the kinds beside workloads that rules read */
export function subjectOf(document: ManifestDocument, namespace: string, lookedAt: ReadonlySet<SubjectKind>): Subject {
  const object = withNamespace(document.object, namespace);
  const unknown = unknownKind(document.object);
  if (unknown !== undefined) return { document, object, kind: "other", why: "", problems: [unknown] };
  const { kind, why = "" } = kindOf(document.object);
  const isRead = kind === "workload" || lookedAt.has(kind);
  return { document, object, kind, why, problems: isRead ? typeErrors(document.object) : [] };
}

function kindOf(object: KubernetesObject): { readonly kind: SubjectKind; readonly why?: string } {
  const key = kindKeyOf(object);
  if (contextKinds.has(key)) return { kind: key === NAMESPACE ? "namespace" : "networkPolicy" };
  const classified = classify(object);
  return classified.kind === "other" && !isObject(object) ? { kind: "foreign" } : classified;
}
