/** The chart through Helm 3, which Argo CD and Flux have built in: it renders what Helm 4 renders, and installs it. */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startControllerManager } from "../../cluster/controller-manager.js";
import { startGatekeeper } from "../../cluster/gatekeeper.js";
import { kubectl } from "../../cluster/kubectl.js";
import { waitFor } from "../../cluster/process.js";
import { packageAssets, readWasmManifest } from "../../policy-test/assets.js";
import { renderTargets } from "../../policy-test/render/index.js";
import { startLoopback, type Loopback } from "../cluster/loopback.js";
import { helm, mustHelm, objectsOf } from "./helm.js";
import { allowed, DENIAL, GARBAGE_COLLECTOR, installedPolicies, names, putNamespaces, releases, verdict, waitForVerdict } from "./release.js";
import { acceptedValues, refusedValues } from "./values.js";

const { bundles } = readWasmManifest(packageAssets().manifest);
/** Without a cluster a Helm 3 that `go install` built takes the cluster to be a Kubernetes 1.20, which the chart refuses; its releases do not. */
const VERSION = "--kube-version=1.36.0";
const template = ["template", "rules", "CHART", "VALUES", "--set=constraints=always", VERSION];

/** Helm 3 removes the empty lines at the end of a document. */
const documentsOf = (yaml: string): string[] => yaml.split(/^---$/m).map((document) => document.trimEnd());

describe.each(renderTargets)("%s", (target) => {
  test.each([...bundles.map(({ name }): [string, object] => [`bundle ${name}`, { bundle: name }]), ["every rule", {}] as const, ...acceptedValues])("%s: the same text as of Helm 4", (_, settings) => {
    const rendered = mustHelm(template, { target, ...settings }, "", "helm-3");
    const ofHelm4 = mustHelm(template, { target, ...settings });
    expect(objectsOf(rendered).length).toBeGreaterThan(0);
    expect(objectsOf(rendered)).toEqual(objectsOf(ofHelm4));
    expect(documentsOf(rendered)).toEqual(documentsOf(ofHelm4));
  });

  test.each(refusedValues)("%s is an error", (_, settings) => {
    const { code, stderr } = helm(template, { target, ...settings }, "", "helm-3");
    expect(code, stderr).toBe(1);
    expect(stderr).not.toMatch(/kubeVersion/);
    expect(stderr).not.toMatch(/nil pointer|panic|wrong type|incompatible types/);
  });

  test("lints", () => {
    const { code, stdout, stderr } = helm(["lint", "--strict", "CHART", "VALUES", VERSION], { target, constraints: "always" }, "", "helm-3");
    expect(code, stdout + stderr).toBe(0);
  });
});

test("Constraints are not left out in silence where no cluster is asked", () => {
  const { code, stderr } = helm(["template", "rules", "CHART", "VALUES", VERSION], { target: "gatekeeper" }, "", "helm-3");
  expect(code).toBe(1);
  expect(stderr).toContain("set constraints to always or never");
});

const run = (loopback: Loopback, release: string, command: "install" | "upgrade", values: object): string => mustHelm([command, release, "CHART", "VALUES", "--namespace=default"], values, loopback.state.kubeconfig, "helm-3");
const uninstall = (loopback: Loopback, release: string): string => mustHelm(["uninstall", release, "--namespace=default"], {}, loopback.state.kubeconfig, "helm-3");

describe("in a cluster", () => {
  let loopback: Loopback;
  beforeAll(async () => {
    loopback = await startLoopback({}, (state) => startGatekeeper(startControllerManager(state, [GARBAGE_COLLECTOR])));
    await putNamespaces(loopback);
  });
  afterAll(() => loopback.end());

  test("admission policies are installed, upgraded, and leave nothing behind", async () => {
    run(loopback, "rules", "install", { bundle: "recommended", rules: allowed });
    await waitForVerdict(loopback, "denied");
    expect(await verdict(loopback, "monitoring", "node-metrics")).toBe("");
    run(loopback, "rules", "upgrade", { bundle: "recommended", rules: { "restrict-host-network": { enforcement: "off" } } });
    await waitForVerdict(loopback, "admitted");
    uninstall(loopback, "rules");
    expect([installedPolicies(loopback), releases(loopback)]).toEqual([[], []]);
  });

  const gatekeeper = { target: "gatekeeper", bundle: "recommended", rules: allowed };
  const kinds = (): string => kubectl(loopback.state, ["get", "customresourcedefinitions", "-o", "name"]);
  const templates = (): string[] => names(loopback, "constrainttemplates").map((name) => name.split("/")[1] ?? "");
  /** By their kinds, one by one: kubectl keeps what it once knew of the category `constraints`. */
  const constraintsThere = (): string[] => names(loopback, ...templates().map((name) => `${name}.constraints.gatekeeper.sh`));
  const noKinds = (): Promise<true> => waitFor("no kinds", () => Promise.resolve(kinds().includes(".constraints.gatekeeper.sh") ? undefined : true), 90_000);

  test("what it renders with Constraints for Gatekeeper is taken once it is applied again", async () => {
    const rendered = mustHelm(template, gatekeeper, "", "helm-3");
    expect(() => kubectl(loopback.state, ["apply", "-f", "-"], rendered)).toThrow("no matches for kind");
    await waitFor("all of it", () => Promise.resolve(kubectl(loopback.state, ["apply", "-f", "-"], rendered)));
    expect(constraintsThere()).toHaveLength(templates().length);
    await waitForVerdict(loopback, "denied");
    kubectl(loopback.state, ["delete", "constrainttemplates,syncsets", "--all"]);
    await noKinds();
  });

  test("a release with the templates and one with the Constraints, which is tried until their kinds are there", async () => {
    const constraints = { ...gatekeeper, constraints: "only" };
    const early = helm(["install", "constraints", "CHART", "VALUES", "--namespace=default"], constraints, loopback.state.kubeconfig, "helm-3");
    expect([early.code, releases(loopback)], early.stderr).toEqual([1, []]);
    run(loopback, "templates", "install", { ...gatekeeper, constraints: "never" });
    await waitFor("the Constraints", () => Promise.resolve(run(loopback, "constraints", "install", constraints)));
    expect(constraintsThere()).toHaveLength(templates().length);
    await waitForVerdict(loopback, "denied");
    expect(await verdict(loopback, "default", "any")).toContain(DENIAL);
    expect(await verdict(loopback, "monitoring", "node-metrics")).toBe("");
    for (const release of ["constraints", "templates"]) uninstall(loopback, release);
    await noKinds();
    expect([names(loopback, "constrainttemplates"), names(loopback, "syncsets"), releases(loopback)]).toEqual([[], [], []]);
  });
});
