/** The kinds beside workloads whose objects rules look at. */
import type { RecordName } from "../policies/kit/view.js";

/** Key of the kind (see kindKeyOf) of a Namespace. */
export const NAMESPACE = "v1/Namespace";

/** The record of the view that each kind is read as, by the key of the kind (see kindKeyOf). */
export const contextKinds: ReadonlyMap<string, RecordName> = new Map([
  [NAMESPACE, "Namespace"],
  ["networking.k8s.io/NetworkPolicy", "NetworkPolicy"],
] as const);
