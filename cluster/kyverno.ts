/** Kyverno's admission controller, outside of the cluster that it guards, with the rights and settings of its own installation. */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { requireEngine } from "../engines/find.js";
import { ROLE_AGGREGATION, startControllerManager } from "./controller-manager.js";
import { kubectl } from "./kubectl.js";
import { moduleFolder } from "./modules.js";
import { Ended, freePorts, isRunning, start, tailOf, waitFor, writeJson } from "./process.js";
import { writeState, type ClusterState } from "./state.js";

const NAMESPACE = "kyverno";
const ACCOUNT = "kyverno-admission-controller";
const NAME = "kyverno";

export interface KyvernoOptions {
  /** Keeps the filters of its installation, by which it does not look at kube-system, at ReplicaSets and others. */
  readonly filters?: "installed" | "none";
  /** Where PolicyExceptions count; nowhere where absent. */
  readonly exceptionNamespace?: string;
  /** Controllers of Kubernetes that run beside it. */
  readonly controllers?: readonly string[];
}

/**
 * Installs Kyverno and starts its admission controller, as the account and with the roles that its installation has.
 * @throws Error where it does not register its webhooks
 */
export async function startKyverno(before: ClusterState, { filters = "none", exceptionNamespace, controllers = [] }: KyvernoOptions = {}): Promise<ClusterState> {
  const state = startControllerManager(before, [ROLE_AGGREGATION, ...controllers]);
  const source = join(moduleFolder("kyverno-controller"), "config");
  kubectl(state, ["apply", "--server-side", "--recursive", "-f", join(source, "crds")]);
  kubectl(state, ["apply", "--server-side", "-f", "-"], installation(readFileSync(join(source, "install-latest-testing.yaml"), "utf8")));
  if (filters === "none") {
    const data = { resourceFilters: "", webhooks: null };
    kubectl(state, ["patch", "configmap", "kyverno", `--namespace=${NAMESPACE}`, "--type=merge", "-p", JSON.stringify({ data })]);
  }
  const token = kubectl(state, ["create", "token", ACCOUNT, `--namespace=${NAMESPACE}`, "--duration=24h"]).trim();
  writeFileSync(kubeconfigOf(state), readFileSync(state.kubeconfig, "utf8").replaceAll(JSON.stringify(state.token), JSON.stringify(token)), { mode: 0o600 });
  const [port = 0, metrics = 0] = await freePorts(2);
  writeJson(flagsOf(state), [
    ...[`--kubeconfig=${kubeconfigOf(state)}`, `--serverIP=127.0.0.1:${String(port)}`, "--webhookServerHost=127.0.0.1", `--webhookServerPort=${String(port)}`],
    ...["--metricsHost=127.0.0.1", `--metricsPort=${String(metrics)}`, "--controllerRuntimeMetricsAddress=0", "-v=2"], // else both listen on every address
    `--backgroundServiceAccountName=system:serviceaccount:${NAMESPACE}:kyverno-background-controller`,
    `--reportsServiceAccountName=system:serviceaccount:${NAMESPACE}:kyverno-reports-controller`,
    ...["--caSecretName=kyverno-svc.kyverno.svc.kyverno-tls-ca", "--tlsSecretName=kyverno-svc.kyverno.svc.kyverno-tls-pair"],
    ...(exceptionNamespace === undefined ? [] : ["--enablePolicyException=true", `--exceptionNamespace=${exceptionNamespace}`]),
  ]);
  return resumeKyverno(state);
}

/**
 * Starts the controller that was installed, where it does not run, and waits until it has registered its webhooks.
 * @throws Error where it does not
 */
export async function resumeKyverno(state: ClusterState): Promise<ClusterState> {
  const process = start(
    {
      name: NAME,
      path: requireEngine("kyverno-controller").path,
      args: JSON.parse(readFileSync(flagsOf(state), "utf8")) as string[], // written by startKyverno
      environment: {
        KYVERNO_NAMESPACE: NAMESPACE,
        KYVERNO_SERVICEACCOUNT_NAME: ACCOUNT,
        KYVERNO_ROLE_NAME: "kyverno:admission-controller",
        KYVERNO_DEPLOYMENT: ACCOUNT,
        KYVERNO_POD_NAME: "loopback",
        INIT_CONFIG: "kyverno",
        METRICS_CONFIG: "kyverno-metrics",
      },
    },
    state.folder,
  );
  const next = { ...state, processes: [...state.processes.filter((each) => each.name !== NAME), process] };
  writeState(next);
  try {
    await waitFor("Kyverno", () => {
      if (!isRunning(process)) throw new Ended();
      if (!kubectl(state, ["get", "validatingwebhookconfigurations", "-o", "name"]).includes("kyverno-policy-validating-webhook-cfg")) return Promise.resolve(undefined);
      kubectl(state, ["create", "--dry-run=server", "-f", "-"], JSON.stringify(probe)); // its certificate comes later than the webhook
      return Promise.resolve(true);
    }, 90_000);
  } catch (error) {
    throw new Error(`${error instanceof Error ? error.message : String(error)}\n${tailOf(NAME, state.folder)}`, { cause: error });
  }
  return next;
}

/** A policy to ask the webhook of policies about. */
const probe = {
  apiVersion: "policies.kyverno.io/v1",
  kind: "ValidatingPolicy",
  metadata: { name: "probe" },
  spec: { matchConstraints: { resourceRules: [{ apiGroups: [""], apiVersions: ["v1"], operations: ["CREATE"], resources: ["configmaps"] }] }, validations: [{ expression: "true" }] },
};

const kubeconfigOf = ({ folder }: ClusterState): string => join(folder, "kyverno-kubeconfig.json");
const flagsOf = ({ folder }: ClusterState): string => join(folder, "kyverno-flags.json");

/** What runs as containers, and what is installed before. */
const leftOut = /^kind: (?:CustomResourceDefinition|Deployment|Service)$/m;

/** The documents of its installation that count without a container: its Namespace, accounts, roles and settings. */
const installation = (text: string): string =>
  text
    .split(/^---$/m)
    .filter((document) => !leftOut.test(document))
    .join("---\n");
