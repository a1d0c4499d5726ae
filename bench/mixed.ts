/** A repository as a platform team has it: workloads between much that no rule looks at, in several styles of YAML and JSON. */
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { dump } from "js-yaml";

import { seeded, type Random } from "./random.js";
import { workload, type Corpus } from "./workloads.js";

type Fields = Record<string, unknown>;

/** Writes files of `folder` until they hold `bytes`. */
export function writeMixed(folder: string, bytes: number, seed: number): Corpus {
  const random = seeded(seed);
  const written = { documents: 0, files: 0, bytes: 0 };
  mkdirSync(folder, { recursive: true });
  while (written.bytes < bytes) {
    const objects = Array.from({ length: random.between(1, 30) }, (_, index) => anyObject(random, written.documents + index));
    const isJson = random.chance(5);
    const text = isJson ? JSON.stringify({ apiVersion: "v1", kind: "List", items: objects }, null, 2) : objects.map((object) => inSomeStyle(random, object)).join("---\n");
    writeFileSync(join(folder, `part-${String(written.files).padStart(5, "0")}.${isJson ? "json" : "yaml"}`), text);
    written.documents += objects.length;
    written.files++;
    written.bytes += Buffer.byteLength(text);
  }
  return written;
}

/** Most is written plainly; some with comments, texts of several lines, or in braces. */
function inSomeStyle(random: Random, object: Fields): string {
  const style = random.between(1, 100);
  if (style > 95) return dump(object, { noRefs: true, lineWidth: 100, flowLevel: 4 });
  const text = dump(object, { noRefs: true, lineWidth: -1 });
  return style > 70 ? `# Rendered by a tool; change its values instead.\n${text.replace(/^spec:$/m, "spec: # as reviewed")}` : text;
}

function anyObject(random: Random, number: number): Fields {
  const kind = random.between(1, 100);
  if (kind <= 35) return workload(random, number);
  const name = `${random.pick(["settings", "routes", "policy", "limits"])}-${String(number)}`;
  const metadata = { name, namespace: random.pick(["shop", "billing", "monitoring", "platform"]), labels: { "app.kubernetes.io/name": name } };
  if (kind <= 55) return { apiVersion: "v1", kind: "ConfigMap", metadata, data: Object.fromEntries(Array.from({ length: random.between(1, 6) }, (_, index) => [`part-${String(index)}.yaml`, embedded(random)])) };
  if (kind <= 75) return { apiVersion: "v1", kind: "Service", metadata, spec: { selector: { app: name }, ports: [{ name: "http", port: 80, targetPort: random.between(8000, 8999) }] } };
  if (kind <= 83) return { apiVersion: "networking.k8s.io/v1", kind: "NetworkPolicy", metadata, spec: { podSelector: { matchLabels: { app: name } }, policyTypes: ["Ingress"] } };
  if (kind <= 95) return { apiVersion: "rbac.authorization.k8s.io/v1", kind: "Role", metadata, rules: Array.from({ length: random.between(1, 8) }, () => ({ apiGroups: [""], resources: ["pods", "configmaps"], verbs: ["get", "list"] })) };
  const schema = { type: "object", properties: Object.fromEntries(Array.from({ length: 40 }, (_, index) => [`field${String(index)}`, { type: "string", description: embedded(random) }])) };
  return { apiVersion: "apiextensions.k8s.io/v1", kind: "CustomResourceDefinition", metadata: { name: `${name}.example.com` }, spec: { group: "example.com", versions: [{ name: "v1", served: true, schema: { openAPIV3Schema: schema } }] } };
}

/** A text of several lines, as ConfigMaps hold them. */
function embedded(random: Random): string {
  return `${Array.from({ length: random.between(2, 30) }, (_, index) => `line-${String(index)}: ${random.pick(["enabled", "timeout 30s", "https://example.com/a?b=c", "5"])}`).join("\n")}\n`;
}
