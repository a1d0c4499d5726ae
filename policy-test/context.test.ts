/** What rules are given beside the object under review: the documents of one file are one context. */
import { describe, expect, test } from "vitest";
import { bundle, checkText, contextual, daemonSetText, nameOf, namespaceText, names, networkPolicyText, recorder, rule } from "./fixtures/recorder.js";
import { createChecker } from "./check.js";
import { pod } from "./fixtures/harness.js";
import type { Need } from "../policies/kit/view.js";

const rendered = bundle(
  namespaceText("edge", '{"pod-security.kubernetes.io/enforce": baseline}'),
  networkPolicyText("deny", "edge"),
  daemonSetText("agent", "edge"),
  daemonSetText("other", "shop"),
  "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: settings}\n",
);
const all = ["DaemonSet edge/agent", "DaemonSet shop/other", "Namespace ?/edge", "NetworkPolicy edge/deny"];

describe("the documents of a file", () => {
  test.each([
    ["as kustomize prints them", rendered],
    ["with CRLF", rendered.replaceAll("\n", "\r\n")],
    ["in a List", JSON.stringify({ apiVersion: "v1", kind: "List", items: checkText(rendered).requests[0]?.inventory })],
  ])("are one context, %s", (_, text) => {
    const { requests, inputErrors, workloads } = checkText(text);
    expect(inputErrors).toEqual([]);
    expect(workloads).toBe(2);
    expect(requests.map(({ object }) => nameOf(object))).toEqual(["DaemonSet edge/agent", "DaemonSet shop/other"]);
    for (const { inventory, operation, oldObject } of requests) {
      expect(names(inventory)).toEqual(all);
      expect([operation, oldObject]).toEqual([undefined, undefined]);
    }
    expect(requests.map(({ namespaceObject }) => namespaceObject)).toMatchObject([
      { kind: "Namespace", metadata: { labels: { "pod-security.kubernetes.io/enforce": "baseline" } } },
      undefined,
    ]);
    expect(requests[1]).not.toHaveProperty("namespaceObject");
  });

  test("hold the object under review itself", () => {
    const { requests } = checkText(rendered, { namespace: "other" });
    for (const { object, inventory } of requests) expect(inventory).toContain(object);
  });

  test("lie in the namespace that is given, unless they name one or need none", () => {
    const { requests } = checkText(bundle(pod("p"), pod("q", { namespace: "own" }), namespaceText("edge")), { namespace: "edge" });
    expect(names(requests[0]?.inventory)).toEqual(["Namespace ?/edge", "Pod edge/p", "Pod own/q"]);
    expect(requests.map(({ namespaceObject }) => namespaceObject !== undefined)).toEqual([true, false]);
  });

  test("without a namespace lie in default", () => {
    const [request] = checkText(bundle(pod("p"), namespaceText("default", "{a: b}"))).requests;
    expect(request?.namespaceObject).toMatchObject({ metadata: { labels: { a: "b" } } });
  });

  test("a Namespace that is there twice is as the last one says, as with kubectl apply", () => {
    const [request] = checkText(bundle(namespaceText("edge", "{a: first}"), pod("p", { namespace: "edge" }), namespaceText("edge", "{a: last}"))).requests;
    expect(request?.namespaceObject).toMatchObject({ metadata: { labels: { a: "last" } } });
  });

  test.each<readonly [readonly Need[], readonly string[]]>([
    [[], ["object"]],
    [["oldObject"], ["object"]],
    [["namespace"], ["object", "namespaceObject"]],
    [["inventory"], ["object", "inventory"]],
    [["inventory", "namespace"], ["object", "namespaceObject", "inventory"]],
  ])("are given as far as a rule needs them: %j", (needs, fields) => {
    const [request] = checkText(rendered, { rules: [rule([], "workloads", "none"), rule(needs)] }).requests;
    expect(Object.keys(request ?? {})).toEqual(fields);
  });

  test("are one list, however many they are", () => {
    const { requests } = checkText(bundle(...Array.from({ length: 3000 }, (_, index) => pod(`p${String(index)}`))));
    expect(requests).toHaveLength(3000);
    expect(new Set(requests.map(({ inventory }) => inventory)).size).toBe(1);
    expect(requests[0]?.inventory).toHaveLength(3000);
  });

  test("are no context of another file", () => {
    const { engine, requests } = recorder();
    const check = createChecker({ rules: [contextual], namespace: "default", engine });
    for (const cluster of ["one", "two"]) {
      check(bundle(namespaceText("edge", `{cluster: ${cluster}}`), daemonSetText("agent", "edge", `nodeSelector: {cluster: ${cluster}}`)), `overlays/${cluster}/all.yaml`);
    }
    expect(requests.map(({ namespaceObject }) => namespaceObject)).toMatchObject([{ metadata: { labels: { cluster: "one" } } }, { metadata: { labels: { cluster: "two" } } }]);
    for (const [index, { inventory, object }] of requests.entries()) {
      expect(names(inventory)).toEqual(["DaemonSet edge/agent", "Namespace ?/edge"]);
      expect(inventory).toContain(object);
      expect(JSON.stringify(inventory)).not.toContain(index === 0 ? "two" : "one");
    }
  });
});

describe("objects that the API server would refuse", () => {
  const wrong = [
    ["workload", daemonSetText("bad", "edge", 'hostNetwork: "yes"'), 'spec.template.spec.hostNetwork must be a boolean, but is the text "yes"'],
    ["Namespace", namespaceText("edge", "{a: true}"), 'metadata.labels.a must be a text, but is the boolean true; write a: "true" in quotes'],
    ["NetworkPolicy", networkPolicyText("deny", "edge").replace("app: a", "app: 1"), 'spec.podSelector.matchLabels.app must be a text, but is the number 1; write app: "1" in quotes'],
  ] as const;

  test.each(wrong)("a %s is reported, and no context", (_, text, message) => {
    const { requests, inputErrors } = checkText(bundle(text, daemonSetText("agent", "edge")));
    expect(inputErrors.map((error) => error.message)).toEqual([`the API server would reject this: ${message}`]);
    expect(names(requests[0]?.inventory)).toEqual(["DaemonSet edge/agent"]);
    expect(requests[0]).not.toHaveProperty("namespaceObject");
  });

  test.each(wrong.slice(1))("a %s is of no interest where no rule looks at it", (_, text) => {
    expect(checkText(text, { rules: [rule([])] })).toMatchObject({ inputErrors: [], requests: [] });
  });
});

describe("Namespaces", () => {
  const both = [rule([]), rule(["namespace", "inventory"], "namespaces")];

  test("are given to the rules that review them, workloads to the others", () => {
    const { requests, rules, workloads, documents } = checkText(rendered, { rules: both });
    expect(requests.map(({ object }, index) => [nameOf(object), rules[index]])).toEqual([
      ["Namespace ?/edge", ["toy-namespaces"]],
      ["DaemonSet edge/agent", ["toy-workloads"]],
      ["DaemonSet shop/other", ["toy-workloads"]],
    ]);
    expect(names(requests[0]?.inventory)).toEqual(all);
    expect(requests[0]).not.toHaveProperty("namespaceObject"); // a Namespace lies in none
    expect(Object.keys(requests[1] ?? {})).toEqual(["object"]);
    expect([workloads, documents]).toEqual([2, 5]);
  });

  test("are not evaluated where no rule reviews them, nor workloads where none reviews those", () => {
    expect(checkText(rendered, { rules: [rule([])] }).requests).toHaveLength(2);
    const { requests, workloads } = checkText(rendered, { rules: [rule([], "namespaces")] });
    expect(requests.map(({ object }) => nameOf(object))).toEqual(["Namespace ?/edge"]);
    expect(workloads).toBe(2);
  });

  test("keep their lack of a namespace, in requests and in findings", () => {
    const { engine, requests } = recorder(() => [{ rule: "toy-namespaces", path: "metadata.labels", message: "privileged" }]);
    const report = createChecker({ rules: both, namespace: "shop", engine })(namespaceText("edge"), "a.yaml");
    expect(nameOf(requests[0]?.object)).toBe("Namespace ?/edge");
    expect(report.findings).toMatchObject([{ line: 3, workload: { kind: "Namespace", namespace: "", name: "edge" } }]);
    expect(report.workloads).toBe(0);
  });

  test("whose labels are no texts are input errors where a rule reviews them", () => {
    expect(checkText(namespaceText("edge", "{a: 1}"), { rules: both }).inputErrors).toHaveLength(1);
  });
});

describe("AdmissionReviews", () => {
  const daemonSet = (image: string): object => ({ apiVersion: "apps/v1", kind: "DaemonSet", metadata: { name: "agent", namespace: "edge" }, spec: { template: { spec: { containers: [{ name: "a", image }] } } } });
  const review = (request: object): string =>
    `${JSON.stringify({ apiVersion: "admission.k8s.io/v1", kind: "AdmissionReview", request: { dryRun: true, namespaceObject: { kind: "Namespace" }, userInfo: { username: "u" }, ...request } })}\n`;

  test("bring their operation, old object and user, see the file as their cluster, and are not part of it", () => {
    const request = { operation: "UPDATE", object: daemonSet("new"), oldObject: daemonSet("old") };
    const { requests } = checkText(bundle(review(request), namespaceText("edge", "{a: b}"), pod("p", { namespace: "edge" })));
    expect(requests).toMatchObject([{ ...request, namespaceObject: { metadata: { labels: { a: "b" } } } }, { object: { kind: "Pod" } }]);
    expect(Object.keys(requests[0] ?? {}).sort()).toEqual(["inventory", "namespaceObject", "object", "oldObject", "operation", "userInfo"]);
    for (const { inventory } of requests) expect(names(inventory)).toEqual(["Namespace ?/edge", "Pod edge/p"]);
  });

  test("use their own old object, whatever was before", () => {
    const request = { operation: "UPDATE", object: daemonSet("new"), oldObject: daemonSet("old") };
    for (const changedOnly of [false, true]) {
      const { requests } = checkText(review(request), { before: () => ({ object: { ...daemonSet("base") } }), changedOnly });
      expect(requests).toMatchObject([request]);
    }
  });

  test("of kinds that no rule reviews are left out", () => {
    const scale = { operation: "UPDATE", object: { apiVersion: "autoscaling/v1", kind: "Scale", metadata: { name: "a" } } };
    const namespace = { operation: "CREATE", object: { apiVersion: "v1", kind: "Namespace", metadata: { name: "edge" } } };
    expect(checkText(bundle(review(scale), review(namespace)))).toMatchObject({ requests: [], inputErrors: [], workloads: 0 });
    expect(checkText(bundle(review(scale), review(namespace)), { rules: [rule([], "namespaces")] }).requests).toMatchObject([namespace]);
  });

  test("whose old object the API server would refuse cannot be checked", () => {
    const oldObject = { ...daemonSet("old"), spec: [] };
    const { requests, inputErrors } = checkText(review({ operation: "UPDATE", object: daemonSet("new"), oldObject }));
    expect(requests).toEqual([]);
    expect(inputErrors.map(({ message }) => message)).toEqual(["this object could not be checked: in the oldObject of this AdmissionReview, spec must be a mapping, but is a list"]);
  });
});
