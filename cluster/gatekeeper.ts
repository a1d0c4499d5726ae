/** Gatekeeper's manager with webhook and audit, outside of the cluster that it guards. */
import { copyFileSync, mkdirSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { requireEngine } from "../engines/find.js";
import { kubectl } from "./kubectl.js";
import { moduleFolder } from "./modules.js";
import { freePorts, start, tailOf, waitFor } from "./process.js";
import { writeState, type ClusterState } from "./state.js";

const NAMESPACE = "gatekeeper-system";

/** CRDs that Gatekeeper's own chart leaves out: parts of others. */
const isPart = (file: string): boolean => /^(_|match|gvkmanifest)/.test(file);

/** Starts Gatekeeper and puts its webhook into force. */
export async function startGatekeeper(state: ClusterState, auditIntervalSeconds = 20): Promise<ClusterState> {
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
  const [port = 0, health = 0, metrics = 0] = await freePorts(3);
  const process = start(
    {
      name: "gatekeeper",
      path: requireEngine("gatekeeper").path,
      args: [
        ...["--kubeconfig", state.kubeconfig, "--debug-use-fake-pod", "--port", String(port), "--host", "127.0.0.1", "--cert-dir", certs, "--disable-cert-rotation"],
        ...["--health-addr", `127.0.0.1:${String(health)}`, "--prometheus-port", String(metrics)],
        ...["webhook", "audit", "status", "generate"].flatMap((operation) => ["--operation", operation]),
        ...["--enable-external-data=false", "--api-cache-dir", cache, "--audit-interval", String(auditIntervalSeconds)],
      ],
      environment: { POD_NAMESPACE: NAMESPACE },
    },
    folder,
  );
  const next = { ...state, processes: [...state.processes, process] };
  writeState(next);
  kubectl(state, ["apply", "-f", "-"], JSON.stringify(webhook(port, readFileSync(join(certs, "ca.crt")).toString("base64"))));
  try {
    await waitFor("Gatekeeper", async () => ((await fetch(`http://127.0.0.1:${String(health)}/readyz`)).ok ? true : undefined));
  } catch (error) {
    throw new Error(`${error instanceof Error ? error.message : String(error)}\n${tailOf("gatekeeper", folder)}`, { cause: error });
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
