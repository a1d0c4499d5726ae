/** Controllers of Kubernetes itself, as few as wanted: without a kubelet most of them have nothing to do. */
import { requireEngine } from "../engines/find.js";
import { start } from "./process.js";
import { writeState, type ClusterState } from "./state.js";

/** Writes `status.typeChecking` of ValidatingAdmissionPolicies. */
export const POLICY_STATUS = "validatingadmissionpolicy-status-controller";

/** Gathers ClusterRoles by label, as Kyverno's are. */
export const ROLE_AGGREGATION = "clusterrole-aggregation-controller";

/** Removes what lies in a Namespace that is deleted, and so lets it go. */
export const NAMESPACE_DELETION = "namespace-controller";

/** Starts the named controllers. What they do shows in the objects that they look after; nothing listens. */
export function startControllerManager(state: ClusterState, controllers: readonly string[]): ClusterState {
  const process = start(
    {
      name: "kube-controller-manager",
      path: requireEngine("kube-controller-manager").path,
      args: [`--kubeconfig=${state.kubeconfig}`, `--controllers=${controllers.join(",")}`, "--secure-port=0", "--leader-elect=false"],
    },
    state.folder,
  );
  const next = { ...state, processes: [...state.processes, process] };
  writeState(next);
  return next;
}
