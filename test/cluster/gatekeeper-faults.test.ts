/** What happens when something goes wrong: parameters that are no such, objects at their limits, and a manager that is away. */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Response } from "../../cluster/client.js";
import { prepareGatekeeper, startManager, type Manager } from "../../cluster/gatekeeper.js";
import { kubectl } from "../../cluster/kubectl.js";
import { stop, waitFor } from "../../cluster/process.js";
import type { ClusterState } from "../../cluster/state.js";
import { MAX_TEXT_BYTES, tooLongMessage } from "../../policies/kit/frame.js";
import type { JsonObject } from "../../generator/schema/json.js";
import { kindOf } from "../../generator/targets/names.js";
import { messageText } from "../../manifest/run.js";
import type { Violation } from "../../policies/kit/index.js";
import { compiledRules } from "../compiled.js";
import { runInJs } from "../executors/js.js";
import { valueAt } from "../json.js";
import { changeWebhook, constraintsPath, denialsOf, denyAtWebhook, putConstraint, warningsOf, withoutPolicies } from "./gatekeeper.js";
import { startGuarded } from "./gatekeeper-probe.js";
import type { Loopback } from "./loopback.js";
import { expectStatus, messageOf, NOBODY } from "./objects.js";
import { carefulPod, plainPod, violatingPod, workload } from "./workloads.js";

const ASKER = "asker";
const collection = "/apis/apps/v1/namespaces/default/deployments?dryRun=All";

let loopback: Loopback;
let manager: Manager;
let state: ClusterState;

const constraint = (id: string, name: string, spec: JsonObject): JsonObject => ({ apiVersion: "constraints.gatekeeper.sh/v1beta1", kind: kindOf(id), metadata: { name }, spec });

beforeAll(async () => {
  loopback = await startGuarded(ASKER, async (empty) => {
    manager = await prepareGatekeeper(empty, { auditIntervalSeconds: 3600, flags: withoutPolicies });
    state = await startManager(empty, manager);
    return state;
  });
  kubectl(state, ["apply", "-k", "library/gatekeeper"]);
  kubectl(state, ["wait", "--for=jsonpath={.status.created}=true", "constrainttemplates", "--all", "--timeout=180s"]);
  for (const { meta } of compiledRules) await putConstraint(loopback.as(), constraint(meta.id, meta.id, denyAtWebhook));
});
afterAll(() => loopback.end());

const deployment = (name: string, pod: JsonObject): JsonObject => workload("Deployment", name, pod, { namespace: "default" });
const ask = (object: JsonObject): Promise<Response> => loopback.as(ASKER).send("POST", collection, object);

/** What every rule says of an object, by its TypeScript, on what the server makes of the object. */
async function expectedOf(object: JsonObject): Promise<Map<string, Violation[]>> {
  const stored = expectStatus(await loopback.as(NOBODY).send("POST", collection, object), 201).body;
  return new Map(compiledRules.filter(({ needs }) => needs.length === 0 || needs.every((need) => need === "oldObject")).map(({ meta }) => [meta.id, runInJs(meta.id, { operation: "CREATE", object: stored }, {})]));
}

function expectSame(response: Response, expected: ReadonlyMap<string, readonly Violation[]>): void {
  for (const [id, messages] of expected) expect(denialsOf(response, id), id).toEqual(messages.length === 0 ? [] : [messageText(id, messages)]);
}

describe("parameters", () => {
  const put = (query: string, spec: JsonObject): Promise<Response> => loopback.as(ASKER).send("POST", `${constraintsPath("RestrictHostNetwork")}?dryRun=All${query}`, constraint("restrict-host-network", "other", spec));
  const unknown = { parameters: { alowed: [{ namespace: "monitoring" }] } };

  test("of a wrong type are refused by the server, whichever client sends them", async () => {
    const response = await put("&fieldValidation=Ignore", { parameters: { allowed: "monitoring" } });
    expect(response.status).toBe(422);
    expect(messageOf(response)).toContain("spec.parameters.allowed: Invalid value: ");
  });

  test("outside of their bounds are refused", async () => {
    const response = await put("&fieldValidation=Ignore", { parameters: { allowed: Array.from({ length: 65 }, () => ({ namespace: "a" })) } });
    expect(response.status).toBe(422);
    expect(messageOf(response)).toContain("spec.parameters.allowed: Too many: 65: must have at most 64 items");
  });

  test("an entry all of whose names are unknown is refused, as it would allow everybody", async () => {
    const response = await put("&fieldValidation=Ignore", { parameters: { allowed: [{ nmespace: "monitoring" }] } });
    expect(response.status).toBe(422);
    expect(messageOf(response)).toContain("spec.parameters.allowed[0] in body should have at least 1 properties");
  });

  test("unknown names are refused by kubectl apply, which asks the server to be strict", () => {
    const given = JSON.stringify(constraint("restrict-host-network", "other", unknown));
    expect(() => kubectl(state, ["apply", "--dry-run=server", "-f", "-"], given)).toThrow('unknown field "spec.parameters.alowed"');
  });

  test("unknown names are refused by server-side apply, also where the client asks for no validation", () => {
    const given = JSON.stringify(constraint("restrict-host-network", "other", unknown));
    expect(() => kubectl(state, ["apply", "--server-side", "--validate=false", "--dry-run=server", "-f", "-"], given)).toThrow(".spec.parameters.alowed: field not declared in schema");
  });

  test("unknown names are a warning to a client that says nothing of validation, and are then dropped", async () => {
    const response = await put("", unknown);
    expect(response.status).toBe(201);
    expect(response.warnings).toContain('unknown field "spec.parameters.alowed"');
    expect(valueAt(response.body, "spec", "parameters")).toEqual({ allowed: [] });
  });

  test("unknown names are dropped in silence only where the client asks for that", async () => {
    const response = await put("&fieldValidation=Ignore", unknown);
    expect(response.status).toBe(201);
    expect(response.warnings).toEqual([]);
    expect(valueAt(response.body, "spec", "parameters")).toEqual({ allowed: [] });
  });
});

describe("limits", () => {
  const withVariables = (count: number): JsonObject =>
    deployment("huge", { ...carefulPod, containers: [{ name: "agent", image: "registry.example.com/agent:1", env: Array.from({ length: count }, (_, index) => ({ name: `VARIABLE_${String(index)}`, value: "x".repeat(20) })) }] });

  test("thousands of variables bring the finding that there are too many", async () => {
    const object = withVariables(2000);
    const expected = await expectedOf(object);
    expect([...expected.values()].flat().some(({ message }) => message.includes("are too many for this rule to review"))).toBe(true);
    expectSame(await ask(object), expected);
  });

  test("an object near the size limit of the API gets the same finding, within CEL's budget", async () => {
    const object = withVariables(20_000);
    expect(Buffer.byteLength(JSON.stringify(object))).toBeGreaterThan(1_100_000);
    expectSame(await ask(object), await expectedOf(object));
  });

  test("more text than a message may have becomes the rule's static text", async () => {
    const containers = Array.from({ length: 40 }, (_, index) => ({ name: `agent-${String(index)}-${"x".repeat(40)}`, image: `registry.example.com/<REGION_ID>/${"y".repeat(90)}:${String(index)}` }));
    const object = deployment("long", { containers });
    const messages = (await expectedOf(object)).get("unresolved-placeholder") ?? [];
    expect(Buffer.byteLength(messages.map(({ message }) => message).join("; "))).toBeGreaterThan(MAX_TEXT_BYTES);
    expect(denialsOf(await ask(object), "unresolved-placeholder")).toEqual([tooLongMessage("unresolved-placeholder")]);
  });

  test("warnings come whole up to 4,096 bytes together; beyond, the API server cuts each at 256", async () => {
    const id = "unresolved-placeholder";
    const warn = (name: string): Promise<void> => putConstraint(loopback.as(), constraint(id, name, { enforcementAction: "warn", match: { name: "warned" } }));
    await warn("first");
    const object = deployment("warned", { containers: Array.from({ length: 24 }, (_, index) => ({ name: `agent-${String(index)}`, image: "registry.example.com/<REGION_ID>/agent:1" })) });
    const text = messageText(id, (await expectedOf(object)).get(id) ?? []);
    expect(Buffer.byteLength(text)).toBeGreaterThan(2100);
    expect(Buffer.byteLength(text)).toBeLessThan(4000);
    expectStatus(await loopback.as().send("DELETE", `${constraintsPath(kindOf(id))}/${id}`), 200);
    const response = await waitFor("the end of the denial", async () => {
      const admitted = await ask(object);
      return admitted.status === 201 ? admitted : undefined;
    });
    expect(warningsOf(response, "first")).toEqual([text]);
    await warn("second");
    const { warnings } = await ask(object);
    expect(warnings.map((warning) => warning.slice(0, 50)).sort()).toEqual(["first", "second"].map((name) => `[${name}] ${text}`.slice(0, 50)));
    for (const warning of warnings) expect(Buffer.byteLength(warning)).toBe(256);
    await putConstraint(loopback.as(), constraint(id, id, denyAtWebhook));
  });
});

describe("a busy or absent manager", () => {
  const objects = Array.from({ length: 50 }, (_, index) => deployment(`agent-${String(index)}`, [violatingPod, carefulPod, plainPod][index % 3] ?? plainPod));

  test("50 requests at once get the verdicts that each would get alone", async () => {
    const expected = await Promise.all(objects.map(expectedOf));
    const responses = await Promise.all(objects.map(ask));
    for (const [index, response] of responses.entries()) expectSame(response, expected[index] ?? new Map<string, Violation[]>());
    expect(responses.filter(({ status }) => status === 201)).toHaveLength(objects.filter((_, index) => index % 3 === 2).length);
  });

  test("while it is down, Fail refuses every request and Ignore admits it; once it is up again, verdicts are as before", async () => {
    const [violating = {}, , plain = {}] = objects;
    const expected = await expectedOf(violating);
    for (const process of state.processes.filter(({ name }) => name === "gatekeeper")) await stop(process);
    for (const object of [violating, plain]) {
      const response = await ask(object);
      expect(response.status).toBe(500);
      expect(messageOf(response)).toContain('failed calling webhook "validation.gatekeeper.sh"');
    }
    await changeWebhook(loopback.as(NOBODY), { failurePolicy: "Ignore" });
    await waitFor("Ignore", async () => ((await ask(violating)).status === 201 ? true : undefined));
    await changeWebhook(loopback.as(NOBODY), { failurePolicy: "Fail" });
    await waitFor("Fail", async () => ((await ask(plain)).status === 500 ? true : undefined));
    state = await startManager(state, manager);
    // Until it says that it is ready, it refuses; what it says from then on is the whole truth.
    expectSame(await ask(violating), expected);
    expect((await ask(plain)).status).toBe(201);
  });
});
