/**
 * What files hold that readers stumble over, and what policy-test says of each: `traps.test.ts` runs every row with the rule
 * restrict-host-network, `npm run traps` asks other programs, and the README's table is made of both.
 */

import type { Folder } from "./folder.js";

/** A working folder, which is checked as a whole. */
export interface Trap extends Folder {
  /** For the table. */
  readonly name: string;
  /** What is in it to be found: a Pod with `hostNetwork: true`, or nothing. */
  readonly holds: "a Pod" | "nothing";
  /** Checked in place of the folder. */
  readonly stdin?: string;
  /** What is said: findings and errors with their place, and the start of an error's message; then what is only counted. */
  readonly expected: readonly string[];
}

const pod = `apiVersion: v1
kind: Pod
metadata:
  name: agent
  namespace: edge
spec:
  hostNetwork: true
  containers:
    - name: agent
      image: agent:1
`;
const with_ = (from: string | RegExp, to: string): string => {
  const changed = pod.replace(from, to);
  if (changed === pod) throw new Error(`the Pod has no ${String(from)}`);
  return changed;
};
const indented = pod.replaceAll(/^/gm, "    ");
const json = JSON.stringify({ apiVersion: "v1", kind: "Pod", metadata: { name: "agent" }, spec: { hostNetwork: true, containers: [{ name: "agent", image: "agent:1" }] } });
const utf16 = (bigEndian: boolean): Uint8Array => {
  const bytes = Buffer.from(`\ufeff${pod}`, "utf16le");
  return bigEndian ? bytes.swap16() : bytes;
};
const one = (content: string | Uint8Array): Readonly<Record<string, string | Uint8Array>> => ({ "a.yaml": content });
const bomb = ["a: &a [x, x, x, x, x, x, x, x, x, x]", ...["b", "c", "d", "e", "f", "g", "h", "i"].map((name, index) => `${name}: &${name} [${Array(10).fill(`*${"abcdefgh".charAt(index)}`).join(", ")}]`)].join("\n");
const chart = { "chart/Chart.yaml": "apiVersion: v2\nname: agent\nversion: 0.1.0\n", "chart/values.yaml": "replicas: 1\n" };

const finding = "finding at a.yaml:7:16";

export const traps: readonly Trap[] = [
  { name: "none of these", holds: "a Pod", files: one(pod), expected: [finding] },

  { name: "JSON", holds: "a Pod", files: { "a.json": json }, expected: ["finding at a.json:1:83"] },

  // Bytes.
  { name: "CRLF", holds: "a Pod", files: one(pod.replaceAll("\n", "\r\n")), expected: [finding] },
  { name: "CR alone", holds: "a Pod", files: one(pod.replaceAll("\n", "\r")), expected: [finding] },
  { name: "a byte order mark", holds: "a Pod", files: one(`\ufeff${pod}`), expected: [finding] },
  { name: "a byte order mark before the second document", holds: "a Pod", files: one(`a: 1\n---\n\ufeff${pod}`), expected: ["error at a.yaml:3:1: the invisible character U+FEFF", "1 other document"] },
  { name: "UTF-16, as Windows PowerShell writes it", holds: "a Pod", files: one(utf16(false)), expected: ["error at a.yaml:1:1: this is UTF-16 text"] },
  { name: "UTF-16, big-endian", holds: "a Pod", files: one(utf16(true)), expected: ["error at a.yaml:1:1: this is UTF-16 text"] },
  { name: "Latin-1", holds: "a Pod", files: one(Buffer.from(with_("name: agent\n", "name: agent # café\n"), "latin1")), expected: ["error at a.yaml:4:20: this is not UTF-8 text"] },
  { name: "a NUL", holds: "a Pod", files: one(with_("agent:1", "agent:1\0")), expected: ["error at a.yaml:10:21: null byte"] },
  { name: "an invisible line break (U+0085) before `hostNetwork`", holds: "a Pod", files: one(with_("  hostNetwork", "  # on\u0085  hostNetwork")), expected: ["error at a.yaml:7:7: the invisible character U+0085"] },
  { name: "an invisible character (U+200B) in `kind`", holds: "a Pod", files: one(with_("kind", "\u200bkind")), expected: ['error at a.yaml:2:8: the API server would reject this: "\\u200bkind" is no field of the API'] },
  { name: "a Cyrillic о in `hostNetwork`", holds: "a Pod", files: one(with_("hostN", "h\u043estN")), expected: ["error at a.yaml:7:16: the API server would reject this: spec has no field"] },
  { name: "an image called `.yaml`", holds: "nothing", files: one(Buffer.from("\x89PNG\r\n\x1a\n\0", "latin1")), expected: ["error at a.yaml:1:1: this is not UTF-8 text"] },

  // Files.
  { name: "a folder called `a.yaml`", holds: "a Pod", files: { "a.yaml/b.yaml": pod }, expected: ["finding at a.yaml/b.yaml:7:16"] },
  { name: "a link to the folder above", holds: "a Pod", files: one(pod), links: { loop: "." }, expected: [finding] },
  { name: "a link that leads to itself", holds: "a Pod", files: one(pod), links: { "b.yaml": "b.yaml" }, expected: [finding, "error at b.yaml: too many symbolic links"] },
  { name: "a link to nowhere", holds: "a Pod", files: one(pod), links: { "b.yaml": "nowhere" }, expected: [finding, "error at b.yaml: no such file"] },
  { name: "a pipe that nobody writes into", holds: "a Pod", files: one(pod), pipes: ["b.yaml"], expected: [finding, "error at b.yaml: a pipe or a device is no file"] },
  { name: "an empty file beside it", holds: "a Pod", files: { ...one(pod), "b.yaml": "" }, expected: [finding] },
  { name: "an empty standard input", holds: "nothing", stdin: "", expected: ["error: no manifest in `-`"] },

  // YAML.
  { name: "`hostNetwork: yes`, and the port 0120", holds: "a Pod", files: one(`${with_("true", "yes")}      ports: [{ containerPort: 0120 }]\n`), expected: [finding] },
  { name: "a tab before the value", holds: "a Pod", files: one(with_(": true", ":\ttrue")), expected: [finding] },
  { name: "a tab as indentation", holds: "a Pod", files: one(with_("  hostN", "\thostN")), expected: ["error at a.yaml:7:1: tab characters"] },
  { name: "`hostNetwork` written twice, true and then false", holds: "a Pod", files: one(with_("true\n", "true\n  hostNetwork: false\n")), expected: ["error at a.yaml:8:3: this key is written twice"] },
  { name: "brought in by a merge key", holds: "a Pod", files: one(`x-node: &node\n  hostNetwork: true\n${with_("hostNetwork: true", "<<: *node")}`), expected: ["finding at a.yaml:2:16"] },
  { name: "by an alias of a value", holds: "a Pod", files: one(`x-on: &on yes\n${with_("true", "*on")}`), expected: ["finding at a.yaml:8:16"] },
  { name: "a billion values made of aliases", holds: "nothing", files: one(`${bomb}\n`), expected: ["error at a.yaml:2:8: aliases expand to more than 200000 values"] },
  { name: "5,000 lists in each other", holds: "nothing", files: one(`a: ${"[".repeat(5000)}${"]".repeat(5000)}\n`), expected: ["error at a.yaml:1:253: the document nests deeper than 250 levels"] },
  { name: "a broken document before it", holds: "a Pod", files: one(`a: [\n---\n${pod}`), expected: ["error at a.yaml:2:1: deficient indentation", "finding at a.yaml:9:16"] },
  { name: "a broken document after it", holds: "a Pod", files: one(`${pod}---\na: {\n`), expected: [finding, "error at a.yaml:13:1: deficient indentation"] },
  { name: "an unfinished file", holds: "a Pod", files: one(`${pod}      args: ["--port`), expected: ["error at a.yaml:11:21: unexpected end of the stream"] },
  { name: "`%YAML 1.1`", holds: "a Pod", files: one(`%YAML 1.1\n---\n${pod}`), expected: ["finding at a.yaml:9:16"] },
  { name: "a tag that makes a text: `!!str true`", holds: "a Pod", files: one(with_("true", "!!str true")), expected: ['error at a.yaml:7:22: the API server would reject this: spec.hostNetwork must be a boolean, but is the text "true"'] },
  { name: "a tag of another program: `!env true`", holds: "a Pod", files: one(with_("true", "!env true")), expected: ["error at a.yaml:7:16: unknown scalar tag"] },
  { name: "a ConfigMap that holds the Pod as text", holds: "nothing", files: one(`apiVersion: v1\nkind: ConfigMap\nmetadata: { name: a }\ndata:\n  pod.yaml: |\n    ---\n${indented}`), expected: ["0 workloads"] },
  { name: "`---` at the start of a line in a text, which ends the document", holds: "nothing", files: one("apiVersion: v1\nkind: ConfigMap\nmetadata: { name: a }\ndata:\n  note: |\n    one\n---\n    two\n"), expected: ["error at a.yaml:8:5: not a Kubernetes object"] },

  // JSON.
  { name: "JSON objects one after the other, as `jq` prints them", holds: "a Pod", files: { "a.json": `{"apiVersion":"v1","kind":"Namespace","metadata":{"name":"edge"}}\n${json}\n` }, expected: ["finding at a.json:2:83"] },
  { name: "a trailing comma in JSON", holds: "a Pod", files: { "a.json": `${json.slice(0, -1)},}` }, expected: ["finding at a.json:1:83"] },
  { name: "a comment in JSON, before `hostNetwork`", holds: "a Pod", files: { "a.json": json.replace('"hostNetwork"', '\n// on the node\n"hostNetwork"') }, expected: ["error at a.json:2:1: the API server would reject this: spec has no field"] },
  { name: "a list of objects in JSON", holds: "a Pod", files: { "a.json": `[${json}]` }, expected: ["error at a.json:1:1: a list of objects is no manifest"] },

  // Objects.
  { name: '`hostNetwork: "true"`, a text', holds: "a Pod", files: one(with_("true", '"true"')), expected: ['error at a.yaml:7:16: the API server would reject this: spec.hostNetwork must be a boolean, but is the text "true"; write hostNetwork: true without quotes'] },
  { name: '`containerPort: "80"`, a text', holds: "a Pod", files: one(`${pod}      ports: [{ containerPort: "80" }]\n`), expected: ["error at a.yaml:11:32: the API server would reject this: spec.containers[0].ports[0].containerPort must be a whole number"] },
  { name: "a port of 12 digits", holds: "a Pod", files: one(`${pod}      ports: [{ containerPort: 100000000080 }]\n`), expected: ["error at a.yaml:11:32: the API server would reject this: spec.containers[0].ports[0].containerPort must be a number of 1 to 65535"] },
  { name: "`containers` is a mapping", holds: "a Pod", files: one(with_("    - name: agent\n      image", "    name: agent\n    image")), expected: ["error at a.yaml:8:3: the API server would reject this: spec.containers must be a list, but is a mapping; put - before each element"] },
  { name: "`hostnetwork: true`", holds: "a Pod", files: one(with_("hostN", "hostn")), expected: ['error at a.yaml:7:16: the API server would reject this: spec has no field "hostnetwork"; write hostNetwork'] },
  { name: "`hostNetwrok: true`", holds: "a Pod", files: one(with_("work", "wrok")), expected: ['error at a.yaml:7:16: the API server would reject this: spec has no field "hostNetwrok"; write hostNetwork'] },
  { name: "`hostNetwork: true` in a Deployment's own `spec`", holds: "a Pod", files: one("apiVersion: apps/v1\nkind: Deployment\nmetadata: { name: agent }\nspec:\n  hostNetwork: true\n  template: { spec: { containers: [] } }\n"), expected: ["error at a.yaml:5:16: the API server would reject this: spec has no field \"hostNetwork\"; it belongs beside containers"] },
  { name: "`kind: pod`", holds: "a Pod", files: one(with_("Pod", "pod")), expected: ['error at a.yaml:2:7: the API server would reject this: there is no kind "pod"; write kind: Pod'] },
  { name: "`apiversion: v1`", holds: "a Pod", files: one(with_("apiV", "apiv")), expected: ['error at a.yaml:1:13: the API server would reject this: "apiversion" is no field of the API; write apiVersion'] },
  { name: "no apiVersion", holds: "a Pod", files: one(with_("apiVersion: v1\n", "")), expected: ["error at a.yaml:1:1: the API server would reject this: this Pod has no apiVersion; write apiVersion: v1"] },
  { name: "a Deployment in `extensions/v1beta1`", holds: "a Pod", files: one(`apiVersion: extensions/v1beta1\nkind: Deployment\nmetadata: { name: agent }\nspec:\n  template:\n    spec: { hostNetwork: true, containers: [] }\n`), expected: ['error at a.yaml:1:13: the API server would reject this: there is no Deployment in "extensions/v1beta1"; write apiVersion: apps/v1'] },
  { name: "a List in a List", holds: "a Pod", files: one(`apiVersion: v1\nkind: List\nitems:\n- apiVersion: v1\n  kind: List\n  items:\n  - ${json}\n`), expected: ["finding at a.yaml:7:87"] },
  { name: "a kind of somebody else that makes Pods", holds: "a Pod", files: one(`apiVersion: argoproj.io/v1alpha1\nkind: Rollout\nmetadata: { name: agent }\nspec:\n  template:\n    spec: { hostNetwork: true, containers: [{ name: a, image: "a:1" }] }\n`), expected: ["not checked, at a.yaml:1:1"] },

  // Repositories.
  { name: "the output of `helm template` with an empty document and comments", holds: "a Pod", stdin: `---\n# Source: chart/templates/empty.yaml\n---\n# Source: chart/templates/pod.yaml\n${pod}`, expected: ["finding at <stdin>:11:16"] },
  { name: "templates of a Helm chart", holds: "a Pod", files: { ...chart, "chart/templates/a.yaml": `{{- if .Values.on }}\n${pod}{{- end }}\n`, "chart/templates/b.yaml": with_("name: agent", "name: {{ .Release.Name }}"), "chart/templates/c.yaml": with_("name: agent", 'name: "{{ .Release.Name }}"') }, expected: ["2 other documents", "3 Helm templates skipped"] },
  { name: "a manifest without actions among them", holds: "a Pod", files: { ...chart, "chart/templates/a.yaml": pod }, expected: ["finding at chart/templates/a.yaml:7:16", "2 other documents"] },
  { name: "`{{` in a file of no chart", holds: "a Pod", files: one(with_("name: agent", "name: {{ .Release.Name }}")), expected: ["error at a.yaml:4:9: a key is a mapping or a list; render templates such as {{ … }} first"] },
  { name: "a kustomization with a JSON patch", holds: "a Pod", files: { ...one(pod), "kustomization.yaml": "resources: [a.yaml]\npatches: [{ path: patch.yaml, target: { kind: Pod } }]\n", "patch.yaml": "- { op: remove, path: /spec/hostNetwork }\n" }, expected: [finding, "2 other documents"] },
  { name: "YAML of other programs", holds: "nothing", files: { "compose.yaml": "services: { web: { image: nginx } }\n", "values.yaml": "kind: DaemonSet\nimage: nginx\n", "stack.yaml": "AWSTemplateFormatVersion: 2010-09-09\nResources: { Topic: { Type: AWS::SNS::Topic, Properties: { TopicName: !Ref Name } } }\n", "package.json": '{ "name": "a" }' }, expected: ["4 other documents"] },
];
