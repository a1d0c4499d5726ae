/** The chart installed, upgraded and uninstalled by the real helm in a real control plane. */
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startControllerManager } from "../../cluster/controller-manager.js";
import { startGatekeeper } from "../../cluster/gatekeeper.js";
import { kubectl } from "../../cluster/kubectl.js";
import { moduleFolder } from "../../cluster/modules.js";
import { waitFor } from "../../cluster/process.js";
import { startLoopback, type Loopback } from "../cluster/loopback.js";
import { mustHelm } from "./helm.js";
import { allowed, DENIAL, GARBAGE_COLLECTOR, installedPolicies, names, putNamespaces, releases, verdict, waitForVerdict } from "./release.js";

const run = (loopback: Loopback, args: readonly string[], values: object = {}): string => mustHelm([...args, "--namespace=default"], values, loopback.state.kubeconfig);
const install = ["install", "rules", "CHART", "VALUES"];
const upgrade = ["upgrade", "rules", "CHART", "VALUES"];

describe("admission-policy", () => {
  let loopback: Loopback;
  beforeAll(async () => {
    loopback = await startLoopback();
    await putNamespaces(loopback);
  });
  afterAll(() => loopback.end());

  const installed = (): string[] => installedPolicies(loopback);

  test("is in force once it is installed", async () => {
    expect(await verdict(loopback, "default", "any")).toBe("");
    run(loopback, install, { bundle: "recommended", rules: allowed });
    expect(installed().filter((name) => name.endsWith("/restrict-host-network"))).toHaveLength(2);
    await waitForVerdict(loopback, "denied");
    expect(await verdict(loopback, "default", "any")).toContain(DENIAL);
    expect(await verdict(loopback, "monitoring", "any")).toContain(DENIAL);
    expect(await verdict(loopback, "monitoring", "node-metrics")).toBe("");
    expect(await verdict(loopback, "kube-system", "any")).toBe("");
  });

  test("of another bundle, a dry run changes nothing", () => {
    const before = installed().length;
    expect(run(loopback, [...upgrade, "--dry-run=server"], { bundle: "strict", rules: allowed })).toContain("kind: ValidatingAdmissionPolicyBinding");
    expect(installed()).toHaveLength(before);
  });

  test("changes with an upgrade, which removes what is switched off", async () => {
    run(loopback, upgrade, { bundle: "recommended", rules: { "restrict-host-network": { enforcement: "off" } } });
    expect(installed().filter((name) => name.endsWith("/restrict-host-network"))).toEqual([]);
    expect(installed().length).toBeGreaterThan(20);
    await waitForVerdict(loopback, "admitted");
    run(loopback, upgrade, { bundle: "ack", match: { excludedNamespaces: ["kube-*", "default"] } });
    await waitFor("a new match", async () => ((await verdict(loopback, "monitoring", "any")).includes(DENIAL) ? true : undefined));
    expect(await verdict(loopback, "default", "any")).toBe("");
  });

  test("leaves nothing behind", async () => {
    expect(releases(loopback)).not.toEqual([]);
    run(loopback, ["uninstall", "rules"]);
    expect([installed(), releases(loopback)]).toEqual([[], []]);
    await waitFor("nothing in force", async () => ((await verdict(loopback, "monitoring", "any")) === "" ? true : undefined));
  });
});

describe("gatekeeper", () => {
  let loopback: Loopback;
  beforeAll(async () => {
    loopback = await startLoopback({}, (state) => startGatekeeper(startControllerManager(state, [GARBAGE_COLLECTOR])));
    await putNamespaces(loopback);
  });
  afterAll(() => loopback.end());

  const values = { target: "gatekeeper", bundle: "recommended", rules: allowed };
  const constraints = (): string[] => names(loopback, "constraints");
  const crds = (): string[] => names(loopback, "customresourcedefinitions").filter((name) => name.endsWith(".constraints.gatekeeper.sh"));

  test("the first install brings the templates, and says that nothing is enforced yet", async () => {
    expect(run(loopback, install, values)).toMatch(/NOT ENFORCED YET: .*restrict-host-network/);
    expect(names(loopback, "constrainttemplates").length).toBeGreaterThan(10);
    kubectl(loopback.state, ["wait", "--for=jsonpath={.status.created}=true", "constrainttemplates", "--all", "--timeout=120s"]);
    expect(constraints()).toEqual([]);
    await waitFor("the kinds", () => Promise.resolve(crds().length === names(loopback, "constrainttemplates").length ? true : undefined));
  });

  test("an upgrade with the same values brings the Constraints, which are in force", async () => {
    expect(run(loopback, upgrade, values)).not.toContain("NOT ENFORCED");
    expect(constraints()).toHaveLength(names(loopback, "constrainttemplates").length);
    await waitForVerdict(loopback, "denied");
    expect(await verdict(loopback, "default", "any")).toContain(DENIAL);
    expect(await verdict(loopback, "monitoring", "node-metrics")).toBe("");
    expect(await verdict(loopback, "kube-system", "any")).toBe("");
  });

  test("an upgrade switches a rule off", async () => {
    run(loopback, upgrade, { ...values, rules: { "restrict-host-network": { enforcement: "off" } } });
    // Its kind goes with its template: until then the server may show it, or fail to list it.
    await waitFor("the Constraints without it", () => Promise.resolve(constraints().some((name) => name.endsWith("/restrict-host-network")) ? undefined : true));
    await waitForVerdict(loopback, "admitted");
  });

  test("leaves nothing behind", async () => {
    run(loopback, ["uninstall", "rules"]);
    await waitFor("no kinds", () => Promise.resolve(crds().length === 0 ? true : undefined), 90_000);
    expect([names(loopback, "constrainttemplates"), names(loopback, "syncsets"), releases(loopback)]).toEqual([[], [], []]);
  });
});

describe("kyverno, of which the kinds are there", () => {
  let loopback: Loopback;
  beforeAll(async () => {
    loopback = await startLoopback();
    const folder = join(moduleFolder("kyverno-controller"), "config", "crds", "policies.kyverno.io");
    expect(readdirSync(folder).some((name) => name.includes("_validatingpolicies"))).toBe(true);
    kubectl(loopback.state, ["apply", "--server-side", "-f", folder]);
    // The server shows a kind a moment after it took it.
    await waitFor("the kinds", () => Promise.resolve(names(loopback, "validatingpolicies.policies.kyverno.io").length === 0 ? true : undefined));
    await putNamespaces(loopback);
  });
  afterAll(() => loopback.end());

  const installed = (): string[] => names(loopback, "validatingpolicies.policies.kyverno.io", "clusterroles").filter((name) => name.startsWith("validatingpolicy") || name.includes("kyverno:"));

  test("is installed, upgraded, and leaves nothing behind", () => {
    const before = installed();
    run(loopback, install, { target: "kyverno", bundle: "strict" });
    expect(installed()).toContain("validatingpolicy.policies.kyverno.io/restrict-host-network");
    const all = installed().length;
    run(loopback, upgrade, { target: "kyverno", bundle: "strict", rules: { "restrict-host-network": { enforcement: "off" } } });
    expect(installed().length).toBeLessThan(all);
    run(loopback, ["uninstall", "rules"]);
    expect([installed(), releases(loopback)]).toEqual([before, []]);
  });
});
