/** One controller of Kubernetes' own: it gathers ClusterRoles by label, as Kyverno's and `view` are. None that acts on workloads. */
import { requireEngine } from "../engines/find.js";
import { start } from "./process.js";
import { writeState, type ClusterState } from "./state.js";

/** Starts the aggregation of ClusterRoles. It listens nowhere. */
export function startRoleAggregation(state: ClusterState): ClusterState {
  const process = start(
    {
      name: "kube-controller-manager",
      path: requireEngine("kube-controller-manager").path,
      args: [`--kubeconfig=${state.kubeconfig}`, "--controllers=clusterrole-aggregation-controller", "--secure-port=0", "--leader-elect=false"],
    },
    state.folder,
  );
  const next = { ...state, processes: [...state.processes, process] };
  writeState(next);
  return next;
}
