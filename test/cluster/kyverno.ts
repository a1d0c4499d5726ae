/** Kyverno's policies in a real cluster: what it says of a request, and when its policies are in force. */
import { CORE_SCHEMA, load } from "js-yaml";
import type { Response } from "../../cluster/client.js";
import { startKyverno, type KyvernoOptions } from "../../cluster/kyverno.js";
import { waitFor } from "../../cluster/process.js";
import { isObject, type JsonObject } from "../../generator/schema/json.js";
import { objectsIn } from "../json.js";
import { startLoopback, type Loopback } from "./loopback.js";
import { expectStatus, messageOf, nameIn } from "./objects.js";

export const policiesApi = "/apis/policies.kyverno.io/v1";
export const legacyApi = "/apis/kyverno.io/v1";

export const startKyvernoLoopback = (options: KyvernoOptions = {}): Promise<Loopback> => startLoopback({}, (state) => startKyverno(state, options));

/** Only requests of one user: Kyverno makes a webhook of its own of it, which the API server calls for nobody else. */
export const onlyFor = (user: string): JsonObject[] => [{ name: "asked", expression: `request.userInfo.username == "${user}"` }];

/** The text of a ValidatingPolicy's denial; empty where the server admits. */
export function validatingVerdict(response: Response, policy: string): string {
  return verdict(response, `denied the request: Policy ${policy} failed: `, (text) => text);
}

/** The text of a ClusterPolicy's denial, whose one rule is named `rule`; empty where the server admits. */
export function clusterVerdict(response: Response, policy: string, rule: string): string {
  return verdict(response, " was blocked due to the following policies \n\n", (text) => {
    const found: unknown = load(text, { schema: CORE_SCHEMA });
    const rules = isObject(found) && Object.keys(found).join() === policy ? found[policy] : undefined;
    const said = isObject(rules) && Object.keys(rules).join() === rule ? rules[rule] : undefined;
    return typeof said === "string" ? said : `(${text})`;
  });
}

/** Whatever is not a denial in this form stays as it is, so that it equals no message. */
function verdict(response: Response, denial: string, read: (text: string) => string): string {
  if (response.status < 300) return "";
  const message = messageOf(response);
  const at = message.indexOf(denial);
  return at === -1 ? `(${String(response.status)}) ${message}` : read(message.slice(at + denial.length));
}

/** The conditions of a policy in Kyverno's status, by their type. */
export function conditionsOf(policy: JsonObject): ReadonlyMap<string, JsonObject> {
  const status = isObject(policy["status"]) ? policy["status"] : {};
  const holder = isObject(status["conditionStatus"]) ? status["conditionStatus"] : status;
  return new Map(objectsIn(holder["conditions"]).map((condition) => [String(condition["type"]), condition]));
}

export async function listed(loopback: Loopback, path: string): Promise<JsonObject[]> {
  const { body } = expectStatus(await loopback.as().send("GET", path), 200);
  return objectsIn(body["items"]);
}

/** Kyverno's status controller can miss that a policy has been taken up; it looks again when the policy changes. */
const LOOK_AGAIN_MILLISECONDS = 20_000;

/** Waits until each policy of the collection has this condition. */
export async function waitForCondition(loopback: Loopback, collection: string, type: string, milliseconds = 300_000): Promise<void> {
  let changed = Date.now();
  await waitFor(
    `the condition ${type} of ${collection}`,
    async () => {
      const waiting = (await listed(loopback, collection)).filter((policy) => conditionsOf(policy).get(type)?.["status"] !== "True");
      if (waiting.length === 0) return true;
      if (Date.now() - changed > LOOK_AGAIN_MILLISECONDS) {
        changed = Date.now();
        for (const policy of waiting) expectStatus(await loopback.as().send("PATCH", `${collection}/${nameIn(policy)}`, { metadata: { annotations: { "example.com/looked-at": String(changed) } } }), 200, 404);
      }
      throw new Error(waiting.map((policy) => `${nameIn(policy)}: ${JSON.stringify(policy["status"])}`).join("\n"));
    },
    milliseconds,
  );
}
