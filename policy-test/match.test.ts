import { describe, expect, test } from "vitest";
import type { KubernetesObject } from "./identity.js";
import { matches, type Match, type Verdict } from "./match.js";

interface Names {
  readonly name?: string;
  readonly namespace?: string;
  readonly generateName?: string;
  readonly labels?: unknown;
}

const pod = (metadata: Names = {}): KubernetesObject => ({ apiVersion: "v1", kind: "Pod", metadata });
const deployment = (metadata: Names = {}): KubernetesObject => ({ apiVersion: "apps/v1", kind: "Deployment", metadata });
const namespace = (name: string, labels?: unknown): KubernetesObject => ({ apiVersion: "v1", kind: "Namespace", metadata: { name, labels } });

const known = new Map([namespace("shop", { team: "a" }), namespace("edge", { team: "b" })].map((object) => [String((object.metadata as Names).name), object]));
const team = (value: string): Match => ({ namespaceSelector: { matchLabels: { team: value } } });
const one = (operator: "In" | "NotIn" | "Exists" | "DoesNotExist", values?: readonly string[]): Match => ({ labelSelector: { matchExpressions: [{ key: "app", operator, ...(values === undefined ? {} : { values }) }] } });

// What is expected was read from Gatekeeper 3.23, and is held to it by test/engines/constraints.test.ts.
describe("a match", () => {
  test.each<readonly [string, Match, KubernetesObject, Verdict]>([
    ["of nothing fits all", {}, pod(), true],
    ["of empty lists fits all", { kinds: [], namespaces: [], excludedNamespaces: [], name: "" }, pod(), true],
    ["of a kind", { kinds: [{ apiGroups: [""], kinds: ["Pod"] }] }, pod(), true],
    ["of a kind of another group", { kinds: [{ apiGroups: ["apps"], kinds: ["Pod"] }] }, pod(), false],
    ["of any group", { kinds: [{ apiGroups: ["*"], kinds: ["Deployment"] }] }, deployment(), true],
    ["of any kind of a group", { kinds: [{ apiGroups: ["apps"] }] }, deployment(), true],
    ["of several", { kinds: [{ kinds: ["Job"] }, { kinds: ["*"] }] }, deployment(), true],
    ["of a namespace", { namespaces: ["shop"] }, pod({ namespace: "shop" }), true],
    ["of a prefix", { namespaces: ["kube-*"] }, pod({ namespace: "kube-system" }), true],
    ["of a suffix", { namespaces: ["*-system"] }, pod({ namespace: "kube-system" }), true],
    ["of a part", { namespaces: ["*be-sy*"] }, pod({ namespace: "kube-system" }), true],
    ["of a star", { namespaces: ["*"] }, pod(), true],
    ["of `default`, of an object without namespace", { namespaces: ["default"] }, pod(), false],
    ["of `default`, of an object in it", { namespaces: ["default"] }, pod({ namespace: "default" }), true],
    ["of a Namespace by its own name", { namespaces: ["shop"] }, namespace("shop"), true],
    ["of an excluded namespace", { excludedNamespaces: ["kube-*"] }, pod({ namespace: "kube-system" }), false],
    ["of another excluded namespace", { excludedNamespaces: ["kube-*"] }, pod({ namespace: "shop" }), true],
    ["of an excluded Namespace", { excludedNamespaces: ["kube-*"] }, namespace("kube-system"), false],
    ["of labels", { labelSelector: { matchLabels: { app: "a" } } }, pod({ labels: { app: "a" } }), true],
    ["of other labels", { labelSelector: { matchLabels: { app: "a" } } }, pod({ labels: { app: "b" } }), false],
    ["of a label of null, which is empty", { labelSelector: { matchLabels: { app: "" } } }, pod({ labels: { app: null } }), true],
    ["In", one("In", ["a", "b"]), pod({ labels: { app: "b" } }), true],
    ["In, of no label", one("In", ["a", "b"]), pod(), false],
    ["NotIn", one("NotIn", ["a"]), pod({ labels: { app: "a" } }), false],
    ["NotIn, of no label", one("NotIn", ["a"]), pod(), true],
    ["Exists", one("Exists"), pod({ labels: { app: "" } }), true],
    ["DoesNotExist", one("DoesNotExist"), pod({ labels: { app: "" } }), false],
    ["of a Namespace's labels", team("a"), pod({ namespace: "shop" }), true],
    ["of another Namespace's labels", team("a"), pod({ namespace: "edge" }), false],
    ["of labels of a Namespace that is not known", team("a"), pod({ namespace: "nowhere" }), "unknown namespace"],
    ["of `default`, which has no labels unless it is shown", team("a"), pod({ namespace: "default" }), false],
    ["of no namespace, which has no labels", { namespaceSelector: { matchExpressions: [{ key: "team", operator: "DoesNotExist" }] } }, pod(), true],
    ["of a Namespace by its own labels", team("c"), namespace("new", { team: "c" }), true],
    ["that another part decides before labels are asked for", { kinds: [{ kinds: ["Job"] }], ...team("a") }, pod({ namespace: "nowhere" }), false],
    ["of a name", { name: "agent" }, pod({ name: "agent" }), true],
    ["of a name's prefix", { name: "agent-*" }, pod({ name: "agent-1" }), true],
    ["of the prefix of a name that is generated", { name: "agent-*" }, pod({ generateName: "agent-x-" }), true],
    ["of the end of a name that is generated", { name: "*-x-" }, pod({ generateName: "agent-x-" }), false],
    ["of the cluster's scope, of a Namespace", { scope: "Cluster" }, namespace("shop"), true],
    ["of the cluster's scope, of a Pod", { scope: "Cluster" }, pod(), false],
    ["of namespaced scope, of a Pod", { scope: "Namespaced" }, pod(), true],
    ["of namespaced scope, of a Namespace", { scope: "Namespaced" }, namespace("shop"), false],
    ["of any scope", { scope: "*" }, pod(), true],
    ["of originals", { source: "Original" }, pod(), true],
    ["of what is generated", { source: "Generated" }, pod(), false],
  ])("%s", (_, match, object, verdict) => {
    expect(matches(match, object, (name) => known.get(name), "")).toBe(verdict);
  });

  test("takes the namespace that the command says", () => {
    expect(matches({ namespaces: ["default"] }, pod(), () => undefined, "default")).toBe(true);
  });
});
