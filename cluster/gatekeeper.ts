/** Gatekeeper's manager with webhook and audit, outside of the cluster that it guards. */
import { copyFileSync, mkdirSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { requireEngine } from "../engines/find.js";
import { kubectl } from "./kubectl.js";
import { moduleFolder } from "./modules.js";
import { freePorts, start, tailOf, waitFor, type Program } from "./process.js";
import { writeState, type ClusterState } from "./state.js";

const NAMESPACE = "gatekeeper-system";

/** CRDs that Gatekeeper's own chart leaves out: parts of others. */
const isPart = (file: string): boolean => /^(_|match|gvkmanifest)/.test(file);

export interface GatekeeperOptions {
  readonly auditIntervalSeconds?: number;
  /** Flags of the manager beside those that it needs here. */
  readonly flags?: readonly string[];
}

/** The manager, ready to be started, and the port where it says whether it is ready. */
export interface Manager {
  readonly program: Program;
  readonly healthPort: number;
}

/** Starts Gatekeeper and puts its webhook into force. */
export async function startGatekeeper(state: ClusterState, options: GatekeeperOptions = {}): Promise<ClusterState> {
  return startManager(state, await prepareGatekeeper(state, options));
}

/** Stores all that Gatekeeper needs, its webhook included. */
export async function prepareGatekeeper(state: ClusterState, { auditIntervalSeconds = 20, flags = [] }: GatekeeperOptions = {}): Promise<Manager> {
  const { folder } = state;
  const crds = join(moduleFolder("gatekeeper"), "config", "crd", "bases");
  for (const file of readdirSync(crds).filter((name) => !isPart(name))) kubectl(state, ["apply", "--server-side", "-f", join(crds, file)]);
  kubectl(state, ["create", "namespace", NAMESPACE]);
  const certs = join(folder, "gatekeeper-certs");
  const cache = join(folder, "gatekeeper-cache");
  mkdirSync(certs);
  mkdirSync(cache); // audit fails where it is absent
  // The API server's own certificate is for 127.0.0.1 as well.
  for (const [from, to] of [["apiserver.crt", "tls.crt"], ["apiserver.key", "tls.key"], ["apiserver.crt", "ca.crt"]] as const) copyFileSync(join(folder, "certs", from), join(certs, to));
  const [port = 0, healthPort = 0] = await freePorts(2);
  kubectl(state, ["apply", "-f", "-"], JSON.stringify(webhook(port, readFileSync(join(certs, "ca.crt")).toString("base64"))));
  const program = {
    name: "gatekeeper",
    path: requireEngine("gatekeeper").path,
    args: [
      ...["--kubeconfig", state.kubeconfig, "--debug-use-fake-pod", "--port", String(port), "--host", "127.0.0.1", "--cert-dir", certs, "--disable-cert-rotation"],
      ...["--health-addr", `127.0.0.1:${String(healthPort)}`],
      ...["--metrics-backend=stackdriver", "--stackdriver-only-when-available"], // that is, none: the other one listens on every address
      ...["webhook", "audit", "status", "generate"].flatMap((operation) => ["--operation", operation]),
      ...["--enable-external-data=false", "--api-cache-dir", cache, "--audit-interval", String(auditIntervalSeconds), ...flags],
    ],
    environment: { POD_NAMESPACE: NAMESPACE },
  };
  return { program, healthPort };
}

/** Starts the manager, for the first time or again, and waits until it is ready. */
export async function startManager(state: ClusterState, { program, healthPort }: Manager): Promise<ClusterState> {
  const next = { ...state, processes: [...state.processes, start(program, state.folder)] };
  writeState(next);
  try {
    await waitFor("Gatekeeper", async () => ((await fetch(`http://127.0.0.1:${String(healthPort)}/readyz`)).ok ? true : undefined));
  } catch (error) {
    throw new Error(`${error instanceof Error ? error.message : String(error)}\n${tailOf("gatekeeper", state.folder)}`, { cause: error });
  }
  return next;
}

function webhook(port: number, caBundle: string): object {
  return {
    apiVersion: "admissionregistration.k8s.io/v1",
    kind: "ValidatingWebhookConfiguration",
    metadata: { name: "gatekeeper-validating-webhook-configuration" },
    webhooks: [
      {
        name: "validation.gatekeeper.sh",
        admissionReviewVersions: ["v1"],
        sideEffects: "None",
        failurePolicy: "Fail",
        timeoutSeconds: 10,
        clientConfig: { url: `https://127.0.0.1:${String(port)}/v1/admit`, caBundle },
        rules: [{ apiGroups: ["*"], apiVersions: ["*"], operations: ["CREATE", "UPDATE"], resources: ["*", "pods/ephemeralcontainers"] }],
        // Its own objects, and what makes the cluster work, are not for it to refuse.
        namespaceSelector: { matchExpressions: [{ key: "kubernetes.io/metadata.name", operator: "NotIn", values: [NAMESPACE] }] },
      },
    ],
  };
}
