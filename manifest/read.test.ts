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

describe("position through anchors and merge keys", () => {
  const text = `base: &base
  hostNetwork: true
  ports: [{hostPort: 80}]
on: &flag yes
spec:
  <<: *base
  hostPID: *flag
  copy: *base
  list:
  - <<: [*base, {dnsPolicy: None}]
    name: a
0x10:
  "a b": 1
  'c': {}
? e
: f
`;
  it.each([
    ["spec.hostNetwork", "2:16"],
    ["spec.ports[0].hostPort", "3:22"],
    ["spec.hostPID", "7:12"],
    ["spec.dnsPolicy", "5:1"],
    ["spec.copy", "8:9"],
    ["spec.copy.hostNetwork", "2:16"],
    ["spec.copy.missing", "8:3"],
    ["spec.list[0].hostNetwork", "2:16"],
    ["spec.list[0].dnsPolicy", "10:29"],
    ["spec.list[0].missing", "10:5"],
    ["true", "4:11"],
    ['["16"]["a b"]', "13:10"],
    ['["16"].c', "14:8"],
    ["e", "16:3"],
  ])("%s is %s", (path, expected) => {
    expect(place(text, path)).toBe(expected);
  });
});

describe("position in other spellings", () => {
  it.each([
    ["CRLF", "a: 1\r\nb:\r\n  c: x\r\n", "b.c", "3:6"],
    ["a block scalar with CRLF", "a: |\r\n\r\n  x\r\nb: y\r\n", "b", "4:4"],
    ["CR alone", "a: 1\rb: x", "b", "2:4"],
    ["a byte order mark", "\ufeffa: x\nb: y", "a", "1:4"],
    ["a byte order mark, the line after", "\ufeffa: x\nb: y", "b", "2:4"],
    ["a tab", "a:\tx", "a", "1:4"],
    ["a tag", "a: !!str 5", "a", "1:10"],
    ["a tagged key", "!!str 5: x", '["5"]', "1:10"],
    ["an anchor", "a: &x 5", "a", "1:7"],
    ["a folded text", "a: >-\n\n   x\n", "a", "3:4"],
    ["an empty element", "a:\n-\n- b", "a[0]", "1:1"],
    ["an empty list", "a: []", "a[0]", "1:1"],
    ["JSON", '{\n\t"a": {\n\t\t"b/c": [1,\n\t\t\t"x"]\n\t}\n}\n', 'a["b/c"][1]', "4:4"],
    ["characters outside the BMP", "a: [😀, x]", "a[1]", "1:9"],
  ])("%s", (_, text, path, expected) => {
    expect(place(text, path)).toBe(expected);
  });
  it("counts in the file, not in the document", () => {
    expect(place("a: 1\n---\n# c\n---\nb: 2\n", "b", 1)).toBe("5:4");
  });
  it("counts in the file when another document is broken", () => {
    const { documents } = readManifest("a: [\n---\nb: 2\n", "a.yaml");
    expect(documents.map((document) => document.position("b"))).toEqual([{ line: 3, column: 4 }]);
  });
  it("refuses a text that is no path", () => {
    const { documents } = readManifest("a: 1", "a.yaml");
    expect(() => documents[0]?.position("a..b")).toThrow(SyntaxError);
  });
});

describe("documents", () => {
  it.each<[string, string, unknown[]]>([
    ["an empty file", "", []],
    ["white space", " \n\t\n", []],
    ["comments only", "# a\n# b\n", []],
    ["separators and comments", "---\n---\n# a\n---\n", []],
    ["null", "null\n---\n~\n", []],
    ["an end marker", "a: 1\n...\n# x\n---\nb: 2\n...\n", [{ a: 1 }, { b: 2 }]],
    ["directives", "%YAML 1.1\n---\na: 1\n", [{ a: 1 }]],
    ["content on the separator's line", "--- {a: 1}\n--- # c\nb: 2", [{ a: 1 }, { b: 2 }]],
    ["a separator with CRLF", "a: 1\r\n---\r\nb: 2\r\n", [{ a: 1 }, { b: 2 }]],
    ["a block scalar that holds an indented separator", "a: |\n  ---\n  x\n", [{ a: "---\nx\n" }]],
    ["no apiVersion and kind", "replicas: 2", [{ replicas: 2 }]],
    ["anchors that end with their document", "a: &x 1\n---\nb: &x 2\nc: *x\n", [{ a: 1 }, { b: 2, c: 2 }]],
    ["a text that starts with ?", "a: ?*\n", [{ a: "?*" }]],
    ["JSON", '{"a": "yes", "b": "\\u00e9\\/", "c": 1e3}', [{ a: "yes", b: "é/", c: 1000 }]],
  ])("%s", (_, text, objects) => {
    expect(errorsOf(text)).toEqual([]);
    expect(objectsOf(text)).toEqual(objects);
  });
});

describe("errors", () => {
  it.each<[string, string, string[], unknown[]]>([
    ["a list of objects", "a: 1\n---\n- {apiVersion: v1, kind: Pod}\n", ["3:1 a list of objects is no manifest: write each as a document of its own, or all as the items of a List"], [{ a: 1 }]],
    ["a list in a List", "kind: List\nitems: [[]]\n", ["2:9 not a Kubernetes object: it must be a mapping with apiVersion and kind, but is a list"], []],
    ["a scalar", "  hello", ["1:3 not a Kubernetes object: it must be a mapping with apiVersion and kind, but is a plain value"], []],
    ["a syntax error", "a: 1\nb: c: d\n", ["2:5 bad indentation of a mapping entry"], []],
    ["a tab as indentation", "a:\n\tb: 1\n", ["2:1 tab characters must not be used in indentation"], []],
    ["a duplicate key", "a: 1\nb: 2\na: 3\n", ["3:1 this key is written twice in one mapping"], []],
    ["a key that is equal as a text", "on: 1\ntrue: 2\n", ["2:1 this key is written twice in one mapping"], []],
    ["an unknown alias", "a: *x\n", ['1:5 unidentified alias "x"'], []],
    ["an alias of another document", "a: &x 1\n---\nb: *x\n", ['3:5 unidentified alias "x"'], [{ a: 1 }]],
    ["a NUL", "a: 1\n---\nb: \0\n---\nc: 3", ["3:4 null byte is not allowed in input"], [{ a: 1 }, { c: 3 }]],
    ["two broken documents", "a: [\n---\nb: 2\n---\nc: }\n", ["2:1 deficient indentation", "5:4 bad indentation of a mapping entry"], [{ b: 2 }]],
    ["directives of a broken file", "%YAML 1.1\n# c\n---\na: 1\n---\nb: [\n", ["7:1 deficient indentation"], [{ a: 1 }]],
    ["a template", "a: {{ .Values.x }}\n", ["1:4 a key is a mapping or a list; render templates such as {{ … }} first"], []],
  ])("%s", (_, text, errors, objects) => {
    expect(errorsOf(text)).toEqual(errors);
    expect(objectsOf(text)).toEqual(objects);
  });
  it("leaves lists and plain values of other programs alone", () => {
    for (const [text, file] of [["- op: x", "a.yaml"], ["[[{kind: a}], 1]", "a.yaml"], ['"a text"', "a.json"]] as const) {
      const { documents, errors, foreign } = readManifest(text, file);
      expect([documents, errors, foreign.map((position) => position())]).toEqual([[], [], [{ line: 1, column: 1 }]]);
    }
  });
  it("takes tags of other programs for an error where objects may lie", () => {
    expect(readManifest("a: !Ref b\n", "a").errors).toEqual([]);
    expect(errorsOf("items: [!Ref b]\n")).toEqual(["1:9 unknown scalar tag !<!Ref>"]);
    expect(errorsOf("apiVersion: v1\nkind: !Ref b\n")).toEqual(["2:7 unknown scalar tag !<!Ref>"]);
  });
  it("names the file", () => {
    expect(readManifest("a", "dir/x.yaml").errors.map((error) => error.file)).toEqual(["dir/x.yaml"]);
    expect(readManifest("a: b", "dir/x.yaml").documents.map((document) => document.file)).toEqual(["dir/x.yaml"]);
  });
});

describe("lists", () => {
  const service = "apiVersion: v1\n  kind: Service\n  metadata: {name: s}";
  it("takes a List apart, with positions in the file", () => {
    const text = `apiVersion: v1\nkind: List\nitems:\n- ${service}\n- apiVersion: v1\n  kind: List\n  items:\n  - {apiVersion: v1, kind: Pod, spec: {hostNetwork: on}}\n`;
    expect(objectsOf(text)).toEqual([
      { apiVersion: "v1", kind: "Service", metadata: { name: "s" } },
      { apiVersion: "v1", kind: "Pod", spec: { hostNetwork: true } },
    ]);
    expect(place(text, "metadata.name")).toBe("6:20");
    expect(place(text, "", 0)).toBe("4:3");
    expect(place(text, "spec.hostNetwork", 1)).toBe("10:53");
    expect(place(text, "metadata.name", 1)).toBe("10:5");
  });
  it("gives the items of a typed list the kind that they lack", () => {
    expect(objectsOf("apiVersion: apps/v1\nkind: DeploymentList\nitems:\n- metadata: {name: a}\n- {apiVersion: v1, kind: Pod}\n")).toEqual([
      { apiVersion: "apps/v1", kind: "Deployment", metadata: { name: "a" } },
      { apiVersion: "v1", kind: "Pod" },
    ]);
  });
  it("does not miss objects among the items of another kind, which kubectl would apply", () => {
    expect(objectsOf("kind: Bag\nitems:\n- {apiVersion: v1, kind: Pod}\n")).toEqual([
      { kind: "Bag", items: [{ apiVersion: "v1", kind: "Pod" }] },
      { apiVersion: "v1", kind: "Pod" },
    ]);
  });
  it.each([
    ["values of a chart", "items:\n- name: a\n"],
    ["a kind with items of its own", "kind: Menu\nitems: [a, {kind: b}]\n"],
    ["a kind that ends with List and has no items", "kind: AllowList\nspec: {}\n"],
  ])("leaves %s alone", (_, text) => {
    expect(readManifest(text, "a").errors).toEqual([]);
    expect(objectsOf(text)).toHaveLength(1);
  });
  it.each([
    ["an empty List", "kind: List\nitems: []", []],
    ["a List without items", "kind: List\n", []],
    ["items that are no list", "kind: List\nitems: {a: 1}", ["2:8 the items of a List must be a list"]],
    ["an item that is no object", "kind: List\nitems:\n- {kind: A}\n- 5\n", ["4:3 not a Kubernetes object: it must be a mapping with apiVersion and kind, but is a plain value"]],
  ])("%s", (_, text, errors) => {
    expect(errorsOf(text)).toEqual(errors);
  });
  it("bounds lists in lists", () => {
    expect(errorsOf(`${"{kind: List, items: [".repeat(20)}${"]}".repeat(20)}`)).toEqual([expect.stringContaining("lists nest too deeply")]);
  });
});

describe("AdmissionReview", () => {
  const review = (request: string): string => `apiVersion: admission.k8s.io/v1\nkind: AdmissionReview\n${request}`;
  it("gives the object, the operation and the old object", () => {
    const text = review("request:\n  operation: UPDATE\n  object: {kind: Pod, spec: {hostNetwork: true}}\n  oldObject: {kind: Pod}\n");
    const { documents, errors } = readManifest(text, "a");
    expect(errors).toEqual([]);
    expect(documents.map(({ object, request }) => ({ object, request }))).toEqual([
      { object: { kind: "Pod", spec: { hostNetwork: true } }, request: { operation: "UPDATE", oldObject: { kind: "Pod" } } },
    ]);
    expect(place(text, "spec.hostNetwork")).toBe("5:43");
    expect(place(text, "metadata")).toBe("5:3");
  });
  it.each([
    ["CREATE", "request: {operation: CREATE, object: {a: 1}, oldObject: null}", { a: 1 }, { operation: "CREATE" }],
    ["DELETE", "request: {operation: DELETE, object: null, oldObject: {b: 1}}", { b: 1 }, { operation: "DELETE", oldObject: { b: 1 } }],
  ])("%s", (_, request, object, expected) => {
    const { documents } = readManifest(review(request), "a");
    expect(documents.map((document) => [document.object, document.request])).toEqual([[object, expected]]);
  });
  it.each([
    ["a response", "response: {allowed: true}", "1:1 an AdmissionReview to be reviewed must have a request"],
    ["no operation", "request: {object: {a: 1}}", "3:1 the operation of an AdmissionReview must be CREATE, UPDATE, DELETE or CONNECT"],
    ["an unknown operation", "request: {operation: create, object: {a: 1}}", "3:22 the operation of an AdmissionReview must be CREATE, UPDATE, DELETE or CONNECT"],
    ["no object", "request: {operation: CREATE}", "3:1 the request of this AdmissionReview must have an object"],
    ["no old object", "request: {operation: DELETE}", "3:1 the request of this AdmissionReview must have an oldObject"],
  ])("with %s is an error", (_, request, error) => {
    expect(errorsOf(review(request))).toEqual([error]);
    expect(objectsOf(review(request))).toEqual([]);
  });
});
