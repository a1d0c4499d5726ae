import { readFileSync } from "node:fs";
import { loadAll } from "js-yaml";
import { describe, expect, test } from "vitest";
import { KUBERNETES_SCHEMA } from "../manifest/dialect.js";
import { rules } from "../policies/index.js";
import { runInJs } from "./executors/js.js";

const read = (file: string): unknown[] =>
  loadAll(readFileSync(new URL(`../examples/${file}`, import.meta.url), "utf8"), { schema: KUBERNETES_SCHEMA });

/** The rules that an example breaks, each as often as it does. */
function broken(file: string, parameters: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {}): string[] {
  const inventory = read(file);
  return rules.flatMap(({ id }) => inventory.flatMap((object) => runInJs(id, { object, inventory }, parameters[id] ?? {}).map(() => id)));
}

const config = read("policy-test.yaml")[0];

describe("the examples", () => {
  test("node-exporter.yaml has a placeholder and no permission", () => {
    expect(broken("node-exporter.yaml")).toEqual(["restrict-host-namespaces", "restrict-host-network", "unresolved-placeholder"]);
  });

  test("node-exporter-fixed.yaml lacks the permissions that the settings give", () => {
    const workload = { namespace: "monitoring", kind: "DaemonSet", name: "node-metrics" };
    const parameters = { "restrict-host-network": { allowed: [workload] }, "restrict-host-namespaces": { allowed: [{ ...workload, hostPID: true }] } };
    expect(broken("node-exporter-fixed.yaml")).toEqual(["restrict-host-namespaces", "restrict-host-network"]);
    expect(config).toEqual({ rules: Object.fromEntries(Object.entries(parameters).map(([id, each]) => [id, { parameters: each }])) });
    expect(broken("node-exporter-fixed.yaml", parameters)).toEqual([]);
  });

  test("the settings hold the entry that the message suggests", () => {
    const messages = ["restrict-host-network", "restrict-host-namespaces"].flatMap((id) => runInJs(id, { object: read("node-exporter.yaml")[0] }, {}).map(({ message }) => message));
    expect(messages).toEqual([
      expect.stringContaining('{namespace: monitoring, kind: DaemonSet, name: "node-metrics"}'),
      expect.stringContaining('{namespace: monitoring, kind: DaemonSet, name: "node-metrics", hostPID: true}'),
    ]);
  });

  test("bad.yaml breaks every rule, one of them as a change of before.yaml", () => {
    expect([...new Set(broken("bad.yaml"))]).toEqual(rules.map((rule) => rule.id).filter((id) => id !== "host-network-immutable"));
    const [oldObject] = read("before.yaml");
    const changed = read("bad.yaml").filter((object) => JSON.stringify(object).includes('"portal"'));
    expect(changed.flatMap((object) => runInJs("host-network-immutable", { operation: "UPDATE", object, oldObject }, {}))).toHaveLength(1);
    expect(broken("before.yaml")).toEqual([]);
  });
});
