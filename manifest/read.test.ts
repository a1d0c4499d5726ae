import { describe, expect, it } from "vitest";
import { readManifest } from "./read.js";

/** `line:column` of the value at `path` in the first document. */
function place(text: string, path: string, document = 0): string {
  const { documents, errors } = readManifest(text, "a.yaml");
  expect(errors).toEqual([]);
  const position = documents[document]?.position(path);
  return `${String(position?.line)}:${String(position?.column)}`;
}

const errorsOf = (text: string): string[] =>
  readManifest(text, "a.yaml").errors.map(({ line, column, message }) => `${String(line)}:${String(column)} ${message}`);
const objectsOf = (text: string): unknown[] => readManifest(text, "a.yaml").documents.map(({ object }) => object);

const pod = `# a comment
apiVersion: v1
kind: Pod
metadata:
  name: web
  labels: { app: web, "example.org/team": edge }
spec:
  hostNetwork: yes
  dnsPolicy:
  containers:
  - name: web
    image: "nginx"
    args: ["--port", '80']
    command:
      - |
        set -e
        run
    ports:
    - containerPort: 80
      hostPort: 0x50
  - 
    name: side
`;

describe("position", () => {
  it.each([
    ["", "2:1"],
    ["kind", "3:7"],
    ["metadata", "4:1"],
    ["metadata.labels", "6:11"],
    ["metadata.labels.app", "6:18"],
    ['metadata.labels["example.org/team"]', "6:43"],
    ["metadata.labels.missing", "6:3"],
    ["metadata.namespace", "4:1"],
    ["spec.hostNetwork", "8:16"],
    ["spec.dnsPolicy", "9:3"],
    ["spec.dnsPolicy.deeper", "9:3"],
    ["spec.containers", "10:3"],
    ["spec.containers[0]", "11:5"],
    ["spec.containers[0].name", "11:11"],
    ["spec.containers[0].image", "12:12"],
    ["spec.containers[0].args", "13:11"],
    ["spec.containers[0].args[0]", "13:12"],
    ["spec.containers[0].args[1]", "13:22"],
    ["spec.containers[0].args[2]", "13:5"],
    ["spec.containers[0].command[0]", "16:9"],
    ["spec.containers[0].ports[0].hostPort", "20:17"],
    ["spec.containers[0].ports[0].hostIP", "19:7"],
    ["spec.containers[0].resources.limits", "11:5"],
    ["spec.containers[1].name", "22:11"],
    ["spec.containers[2]", "10:3"],
    ["spec.initContainers[0].name", "7:1"],
    ["nothing", "2:1"],
  ])("of %j is %s", (path, expected) => {
    expect(place(pod, path)).toBe(expected);
  });
});

describe("readManifest", () => {
  it("returns the objects of all documents", () => {
    expect(objectsOf("a: 1\n---\nb: yes\n--- # c\n# only a comment\n---\n")).toEqual([{ a: 1 }, { b: true }]);
  });
  it("returns the documents beside one that is broken", () => {
    const text = "a: 1\n---\nb: [\n---\nc: 3\nd: 4\nd: 5\n---\ne: 6\n";
    expect(objectsOf(text)).toEqual([{ a: 1 }, { e: 6 }]);
    expect(errorsOf(text)).toEqual(["4:1 deficient indentation", "7:1 this key is written twice in one mapping"]);
  });
});
