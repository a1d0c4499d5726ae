/** etcd and kube-apiserver, without a kubelet: enough to admit, store and watch objects. */
import { execFileSync } from "node:child_process";
import { generateKeyPairSync } from "node:crypto";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { requireEngine } from "../engines/find.js";
import { createClient } from "./client.js";
import { Ended, freePorts, isRunning, start, tailOf, waitFor, writeJson } from "./process.js";
import { newFolder, readState, stateFolder, writeState, type ClusterState } from "./state.js";

const TOKEN = "loopback-only";

export interface ApiServerOptions {
  /** Minor version to behave as, for instance `1.33`; the server's own where absent. */
  readonly emulatedVersion?: string;
  readonly folder?: string;
  /** Users whose Pods the Pod Security admission does not look at, so that it does not refuse what a policy is asked about. */
  readonly podSecurityExempt?: readonly string[];
}

/**
 * Starts etcd and the API server, and waits until it is ready.
 * @throws Error where a cluster is up already, or the server does not get ready
 */
export async function startApiServer({ emulatedVersion, folder: wanted = stateFolder(), podSecurityExempt = [] }: ApiServerOptions = {}): Promise<ClusterState> {
  if (readState(wanted)?.processes.some(isRunning) === true) throw new Error(`a cluster is up already in ${wanted}\nhelp: run \`npm run cluster -- down\``);
  const etcd = requireEngine("etcd").path;
  const apiServer = requireEngine("kube-apiserver").path;
  const folder = newFolder(wanted);
  const [clientPort = 0, peerPort = 0, securePort = 0] = await freePorts(3);
  const etcdUrl = `http://127.0.0.1:${String(clientPort)}`;
  const peerUrl = `http://127.0.0.1:${String(peerPort)}`;
  mkdirSync(join(folder, "certs"));
  const { privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048, publicKeyEncoding: { type: "spki", format: "pem" }, privateKeyEncoding: { type: "pkcs1", format: "pem" } });
  writeFileSync(join(folder, "sa.key"), privateKey, { mode: 0o600 });
  writeFileSync(join(folder, "tokens.csv"), `${TOKEN},admin,1,system:masters\n`, { mode: 0o600 });

  writeJson(join(folder, "admission.json"), admissionConfiguration(podSecurityExempt));

  const server = `https://127.0.0.1:${String(securePort)}`;
  let state: ClusterState = { folder, server, token: TOKEN, kubeconfig: join(folder, "kubeconfig.json"), processes: [] };
  writeJson(state.kubeconfig, kubeconfig(state));
  const started = (program: Parameters<typeof start>[0]): void => {
    state = { ...state, processes: [...state.processes, start(program, folder)] };
    writeState(state);
  };
  started({
    name: "etcd",
    path: etcd,
    args: [
      ...["--name=loopback", "--data-dir=etcd", `--listen-client-urls=${etcdUrl}`, `--advertise-client-urls=${etcdUrl}`],
      ...[`--listen-peer-urls=${peerUrl}`, `--initial-advertise-peer-urls=${peerUrl}`, `--initial-cluster=loopback=${peerUrl}`, "--unsafe-no-fsync"],
    ],
  });
  started({
    name: "kube-apiserver",
    path: apiServer,
    args: [
      ...[`--etcd-servers=${etcdUrl}`, "--service-account-issuer=https://kubernetes.default.svc", "--service-account-key-file=sa.key", "--service-account-signing-key-file=sa.key"],
      ...[`--secure-port=${String(securePort)}`, "--bind-address=127.0.0.1", "--cert-dir=certs", "--authorization-mode=RBAC", "--token-auth-file=tokens.csv"],
      ...["--service-cluster-ip-range=10.0.0.0/24", "--disable-admission-plugins=ServiceAccount", "--advertise-address=127.0.0.1", "--allow-privileged=true", "--admission-control-config-file=admission.json"],
      ...(emulatedVersion === undefined ? [] : [`--emulated-version=${emulatedVersion}`]),
    ],
  });
  const { processes } = state;
  try {
    await waitFor("the API server", async () => {
      if (!processes.every(isRunning)) throw new Ended();
      const client = createClient(state);
      try {
        return (await client.send("GET", "/readyz")).status === 200 ? true : undefined;
      } finally {
        client.close();
      }
    });
  } catch (error) {
    throw new Error(`${error instanceof Error ? error.message : String(error)}\n${tailOf("kube-apiserver", folder)}`, { cause: error });
  }
  return state;
}

/** The newest and the oldest minor version that the API server can behave as, as it says itself. */
export function emulatableVersions(): { readonly oldest: string; readonly newest: string } {
  const help = execFileSync(requireEngine("kube-apiserver").path, ["--help"], { encoding: "utf8" });
  const [, oldest, newest] = /--emulated-version[^]*?kube=(\d+\.\d+)\.\.(\d+\.\d+)/.exec(help) ?? [];
  if (oldest === undefined || newest === undefined) throw new Error("kube-apiserver does not say which versions it emulates");
  return { oldest, newest };
}

function admissionConfiguration(usernames: readonly string[]): object {
  const configuration = { apiVersion: "pod-security.admission.config.k8s.io/v1", kind: "PodSecurityConfiguration", exemptions: { usernames } };
  return { apiVersion: "apiserver.config.k8s.io/v1", kind: "AdmissionConfiguration", plugins: [{ name: "PodSecurity", configuration }] };
}

function kubeconfig({ server, token, folder }: ClusterState): object {
  return {
    apiVersion: "v1",
    kind: "Config",
    clusters: [{ name: "loopback", cluster: { server, "certificate-authority": join(folder, "certs", "apiserver.crt") } }],
    users: [{ name: "admin", user: { token } }],
    contexts: [{ name: "loopback", context: { cluster: "loopback", user: "admin" } }],
    "current-context": "loopback",
  };
}
