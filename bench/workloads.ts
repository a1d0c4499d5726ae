/** Workload documents such as a repository of manifests holds, made up from a seed. */
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { dump } from "js-yaml";

import { seeded, type Random } from "./random.js";

export interface Corpus {
  readonly documents: number;
  readonly files: number;
  readonly bytes: number;
}

const DOCUMENTS_A_FILE = 25;

/** Writes `documents` workloads into files of `folder`: Deployments mostly, then DaemonSets and bare Pods. */
export function writeWorkloads(folder: string, documents: number, seed: number): Corpus {
  mkdirSync(folder, { recursive: true });
  const random = seeded(seed);
  let bytes = 0;
  let files = 0;
  for (let first = 0; first < documents; first += DOCUMENTS_A_FILE) {
    const count = Math.min(DOCUMENTS_A_FILE, documents - first);
    const texts = Array.from({ length: count }, (_, index) => dump(workload(random, first + index), { noRefs: true, lineWidth: -1 }));
    const text = texts.join("---\n");
    writeFileSync(join(folder, `workloads-${String(files).padStart(3, "0")}.yaml`), text);
    bytes += Buffer.byteLength(text);
    files++;
  }
  return { documents, files, bytes };
}

type Fields = Record<string, unknown>;

/** A workload of that number. */
export function workload(random: Random, number: number): Fields {
  const name = `${random.pick(["api", "cache", "collector", "gateway", "queue", "web", "worker"])}-${String(number)}`;
  const labels = { "app.kubernetes.io/name": name, "app.kubernetes.io/part-of": random.pick(["shop", "billing", "platform"]) };
  const metadata = { name, namespace: random.pick(["shop", "billing", "monitoring", "platform"]), labels };
  const kind = random.between(1, 100);
  if (kind > 90) return { apiVersion: "v1", kind: "Pod", metadata, spec: podSpec(random, name, random.chance(10)) };
  const onEveryNode = kind > 65;
  // Agents of nodes are what the host network is for; elsewhere it is rare.
  const spec = podSpec(random, name, random.chance(onEveryNode ? 60 : 2));
  const template = { metadata: { labels, annotations: { "prometheus.io/scrape": "true" } }, spec };
  const selector = { matchLabels: labels };
  return onEveryNode
    ? { apiVersion: "apps/v1", kind: "DaemonSet", metadata, spec: { selector, updateStrategy: { type: "RollingUpdate" }, template } }
    : { apiVersion: "apps/v1", kind: "Deployment", metadata, spec: { replicas: random.between(1, 5), selector, template } };
}

function podSpec(random: Random, name: string, hostNetwork: boolean): Fields {
  const containers = Array.from({ length: random.pick([1, 1, 1, 2, 2, 3]) }, (_, index) => container(random, name, index));
  return {
    ...(hostNetwork ? { hostNetwork } : {}),
    ...(hostNetwork && random.chance(60) ? { dnsPolicy: "ClusterFirstWithHostNet" } : {}),
    serviceAccountName: name,
    securityContext: { runAsNonRoot: true, seccompProfile: { type: "RuntimeDefault" } },
    ...(random.chance(25) ? { initContainers: [{ ...container(random, name, 9), ports: [] }] } : {}),
    containers,
    volumes: [
      { name: "config", configMap: { name: `${name}-config` } },
      { name: "scratch", emptyDir: {} },
    ],
    tolerations: [{ key: "node-role.kubernetes.io/control-plane", operator: "Exists", effect: "NoSchedule" }],
  };
}

function container(random: Random, workloadName: string, index: number): Fields {
  const port = random.between(8000, 8999) + index * 1000;
  const probe = { httpGet: { path: "/healthz", port }, periodSeconds: 10, timeoutSeconds: 2 };
  const tag = random.chance(1) ? "<IMAGE_TAG>" : `${String(random.between(1, 4))}.${String(random.between(0, 20))}`;
  return {
    name: index === 0 ? "main" : `helper-${String(index)}`,
    image: `registry.example.com/${workloadName}:${tag}`,
    args: [`--listen-address=0.0.0.0:${String(port)}`, "--log-format=json", "--config=/etc/app/config.yaml"],
    env: [
      { name: "POD_NAME", valueFrom: { fieldRef: { fieldPath: "metadata.name" } } },
      { name: "LOG_LEVEL", value: random.pick(["info", "warn", "debug"]) },
      { name: "ENDPOINT", value: `http://${workloadName}.svc:${String(port)}` },
    ],
    ports: [
      { name: `http-${String(index)}`, containerPort: port, ...(random.chance(2) ? { hostPort: random.pick([80, 9100, port]) } : {}) },
      { name: `metrics-${String(index)}`, containerPort: port + 1000 },
    ],
    readinessProbe: probe,
    livenessProbe: probe,
    resources: { requests: { cpu: "100m", memory: "64Mi" }, limits: { memory: "128Mi" } },
    volumeMounts: [
      { name: "config", mountPath: "/etc/app", readOnly: true },
      { name: "scratch", mountPath: "/tmp" },
    ],
  };
}
