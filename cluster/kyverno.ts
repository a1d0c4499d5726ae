/** Kyverno's admission controller, outside of the cluster that it guards. */
import { join } from "node:path";
import { requireEngine } from "../engines/find.js";
import { kubectl } from "./kubectl.js";
import { moduleFolder } from "./modules.js";
import { freePorts, start, tailOf, waitFor } from "./process.js";
import { writeState, type ClusterState } from "./state.js";

const NAMESPACE = "kyverno";
const accounts = ["admission", "reports", "background"].map((name) => `kyverno-${name}-controller`);

/** Starts Kyverno and waits until it has registered its webhooks. */
export async function startKyverno(state: ClusterState): Promise<ClusterState> {
  kubectl(state, ["apply", "--server-side", "--recursive", "-f", join(moduleFolder("kyverno-controller"), "config", "crds")]);
  kubectl(state, ["apply", "-f", "-"], JSON.stringify({ apiVersion: "v1", kind: "List", items: objects() }));
  const [port = 0, metrics = 0] = await freePorts(2);
  const process = start(
    {
      name: "kyverno",
      path: requireEngine("kyverno-controller").path,
      args: [
        ...[`--kubeconfig=${state.kubeconfig}`, `--serverIP=127.0.0.1:${String(port)}`, `--webhookServerPort=${String(port)}`, `--metricsPort=${String(metrics)}`, "-v=2"],
        `--backgroundServiceAccountName=system:serviceaccount:${NAMESPACE}:kyverno-background-controller`,
        `--reportsServiceAccountName=system:serviceaccount:${NAMESPACE}:kyverno-reports-controller`,
        ...["--caSecretName=kyverno-svc.kyverno.svc.kyverno-tls-ca", "--tlsSecretName=kyverno-svc.kyverno.svc.kyverno-tls-pair"],
      ],
      environment: {
        KYVERNO_NAMESPACE: NAMESPACE,
        KYVERNO_SERVICEACCOUNT_NAME: "kyverno-admission-controller",
        KYVERNO_DEPLOYMENT: "dummy",
        KYVERNO_POD_NAME: "dummy",
        INIT_CONFIG: "kyverno",
        METRICS_CONFIG: "kyverno-metrics",
      },
    },
    state.folder,
  );
  const next = { ...state, processes: [...state.processes, process] };
  writeState(next);
  try {
    await waitFor("Kyverno's webhooks", () => Promise.resolve(kubectl(state, ["get", "validatingwebhookconfigurations", "-o", "name"]).includes("kyverno") ? true : undefined), 90_000);
  } catch (error) {
    throw new Error(`${error instanceof Error ? error.message : String(error)}\n${tailOf("kyverno", state.folder)}`, { cause: error });
  }
  return next;
}

/** What Kyverno's chart would make: its Namespace, settings and accounts. Its controllers act as the admin of the kubeconfig. */
function objects(): object[] {
  const named = (name: string): object => ({ name, namespace: NAMESPACE });
  return [
    { apiVersion: "v1", kind: "Namespace", metadata: { name: NAMESPACE } },
    ...["kyverno", "kyverno-metrics"].map((name) => ({ apiVersion: "v1", kind: "ConfigMap", metadata: named(name) })),
    ...accounts.map((name) => ({ apiVersion: "v1", kind: "ServiceAccount", metadata: named(name) })),
    ...accounts.map((name) => ({
      apiVersion: "rbac.authorization.k8s.io/v1",
      kind: "ClusterRoleBinding",
      metadata: { name },
      roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "ClusterRole", name: "cluster-admin" },
      subjects: [{ kind: "ServiceAccount", ...named(name) }],
    })),
  ];
}
