/** The MutatingAdmissionPolicy that the library has, in a real API server: it makes of every case what `policy-test --fix` makes. */
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { runKubectl } from "../../cluster/kubectl.js";
import { waitFor } from "../../cluster/process.js";
import { isObject, type JsonObject } from "../../generator/schema/json.js";
import { loadCases } from "../cases.js";
import { mutated, rulesWithMutation } from "../fixes.js";
import { valueAt } from "../json.js";
import { library } from "../library-files.js";
import { startLoopback, type Loopback } from "./loopback.js";
import { askServer, expectStatus, metadataOf, NOBODY } from "./objects.js";

const SOMEBODY = "somebody";
const mutations = "/apis/admissionregistration.k8s.io/v1/mutatingadmissionpolicies";

/** What the server makes up differs from request to request, and `generation` counts what it did. */
function withoutMadeUp(value: unknown): unknown {
  if (!isObject(value)) return value;
  const { uid: _uid, creationTimestamp: _created, resourceVersion: _version, managedFields: _fields, generation: _generation, name, ...metadata } = metadataOf(value);
  const named = typeof metadata["generateName"] === "string" ? metadata : { ...metadata, name };
  return JSON.parse(JSON.stringify({ ...value, metadata: named }).replaceAll(/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/g, "UID"));
}

describe.each(rulesWithMutation)("the fix of $id", ({ id, fix }) => {
  const cases = loadCases().filter((one) => one.rule === id && one.offline === undefined);
  const counts = { asked: 0, changed: 0 };
  let loopback: Loopback;
  let warnings = "";

  beforeAll(async () => {
    loopback = await startLoopback({ podSecurityExempt: [NOBODY, SOMEBODY] });
    warnings = runKubectl(loopback.state, ["apply", "-k", join(library, "admission-policy", id, "mutate")]).stderr;
    // The shipped policy spares one user, who shows what the objects are without it.
    const matchConditions = [{ name: "asked", expression: `request.userInfo.username != "${NOBODY}"` }];
    expectStatus(await loopback.as().send("PATCH", `${mutations}/${id}-fix`, { spec: { matchConditions } }), 200);
    const pod = { apiVersion: "v1", kind: "Pod", metadata: { name: "canary" }, spec: { hostNetwork: true, containers: [{ name: "canary", image: "example.com/canary:1" }] } };
    const madeFor = async (user: string): Promise<unknown> => valueAt((await loopback.as(user).send("POST", "/api/v1/namespaces/default/pods?dryRun=All", pod)).body, "spec", "dnsPolicy");
    await waitFor("the mutation", async () => ((await madeFor(SOMEBODY)) === fix.to && (await madeFor(NOBODY)) === fix.from ? true : undefined));
  });

  afterAll(async () => {
    await loopback.end();
    console.log(`MutatingAdmissionPolicy of ${id}: ${String(counts.asked)} requests compared, ${String(counts.changed)} objects changed`);
  });

  /** The object that the server makes of a request is the one that `--fix` makes of it. */
  async function expectFixed(object: JsonObject, one: (typeof cases)[number]): Promise<void> {
    const asked = await askServer(loopback, { ...one.request, object }, SOMEBODY, {});
    if (asked.refused !== undefined) throw new Error(asked.refused);
    const { stored, response } = asked;
    const expected = withoutMadeUp(mutated(id, fix, stored.request, {}));
    expect(withoutMadeUp(response.body)).toEqual(expected);
    counts.asked += 1;
    if (JSON.stringify(expected) !== JSON.stringify(withoutMadeUp(stored.object))) counts.changed += 1;
  }

  test("is applied without a warning", () => {
    expect(warnings).toBe("");
  });

  test.each(cases.map((one) => [one.name, one] as const))("%s", (_, one) => expectFixed(one.request.object, one));

  test("changes something, and nothing in kube-system", async () => {
    const { changed } = counts;
    expect(changed).toBeGreaterThanOrEqual(8);
    for (const one of cases.filter(({ request }) => request.operation !== "UPDATE")) {
      await expectFixed({ ...one.request.object, metadata: { ...metadataOf(one.request.object), namespace: "kube-system" } }, one);
    }
    expect(counts.changed).toBe(changed);
  });
});
