/** Whatever is done to a manifest, a run ends with what it says of it: no crash, no hang, nothing passed over in silence. */
import { readFileSync } from "node:fs";
import { loadAll } from "js-yaml";
import { describe, expect, test } from "vitest";
import { KUBERNETES_SCHEMA } from "../../manifest/dialect.js";
import { isMapping } from "../../manifest/mapping.js";
import { MAX_DEPTH } from "../../manifest/yaml.js";
import { answerTo } from "./answer.js";
import { malformed } from "./malformed.js";

const read = (path: string): string => readFileSync(new URL(`../../${path}`, import.meta.url), "utf8");
const samples = "library/gatekeeper/restrict-host-network/samples/restrict-host-network";
const sources = {
  "bad.yaml": read("examples/bad.yaml"),
  "node-exporter.yaml": read("examples/node-exporter.yaml"),
  "before.yaml": read("examples/before.yaml"),
  "daemon-set.yaml": read(`${samples}/example_disallowed_a-daemon-set-that-nothing-allows.yaml`),
  "pod-template.yaml": read(`${samples}/example_disallowed_a-pod-template.yaml`),
};
const cases = malformed(sources, 240, 6);

const KINDS = new Set(["Pod", "PodTemplate", "ReplicationController", "DaemonSet", "Deployment", "ReplicaSet", "StatefulSet", "CronJob", "Job"]);

/** Whether `hostNetwork` is switched on anywhere below a value, under any spelling of the name. */
function isOn(value: unknown): boolean {
  if (Array.isArray(value)) return value.some(isOn);
  return isMapping(value) && Object.entries(value).some(([name, child]) => (/host.?network$/i.test(name) && child !== false && child !== null) || isOn(child));
}

/**
 * An opinion of its own: whether a text still holds a workload that switches hostNetwork on. Read by js-yaml as it is; what
 * that cannot read may well hold one.
 */
function mayHoldOne(text: string): boolean {
  try {
    return loadAll(text, { schema: KUBERNETES_SCHEMA, maxDepth: MAX_DEPTH }).some((document) => isMapping(document) && [document["kind"], document["KIND"], document["Kind"]].some((kind) => typeof kind === "string" && KINDS.has(kind)) && isOn(document));
  } catch {
    return true;
  }
}

describe("240 malformed manifests", () => {
  // The limit is there to end a run that hangs.
  test.each(cases)("$name", { timeout: 5000 }, async ({ bytes }) => {
    const { code, said } = await answerTo({ files: { "a.yaml": bytes } });
    expect([0, 1, 2]).toContain(code);
    expect(said.length).toBeGreaterThan(0);
    for (const each of said) expect(each).toMatch(/^(?:finding|not checked,) at a\.yaml:\d+:\d+$|^error at a\.yaml:\d+:\d+: \S|^error: no manifest in|^\d+ (?:other documents?|workloads?)$/);
    expect(said.join()).not.toMatch(/could not be checked|TypeError|RangeError|undefined|\[object/);
    if (mayHoldOne(Buffer.from(bytes).toString())) expect(said.join()).toMatch(/finding|error|not checked/);
  });
});

test("most of them hold a workload with hostNetwork, or cannot be read", () => {
  expect(cases.filter(({ bytes }) => mayHoldOne(Buffer.from(bytes).toString())).length).toBeGreaterThan(170);
});
