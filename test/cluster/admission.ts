/** ValidatingAdmissionPolicies in a real API server, each of which reviews the requests of one user. */
import type { Response } from "../../cluster/client.js";
import type { Loopback } from "../../cluster/temporary.js";
import { isObject, type JsonObject } from "../../generator/schema/json.js";
import { canaryRule, waitForCanary } from "./canary.js";
import { expectStatus, messageOf } from "./objects.js";

const registration = "/apis/admissionregistration.k8s.io/v1";

/** Puts a policy, to review the requests of `user` alone. It is in force only after `waitForPolicies`. */
export async function putPolicy(loopback: Loopback, policy: JsonObject, user: string): Promise<void> {
  const spec = isObject(policy["spec"]) ? policy["spec"] : {};
  const matchConditions = [{ name: "asked", expression: `request.userInfo.username == "${user}"` }];
  const binding = { apiVersion: "admissionregistration.k8s.io/v1", kind: "ValidatingAdmissionPolicyBinding", metadata: { name: user }, spec: { policyName: user, validationActions: ["Deny"] } };
  const made = await loopback.as().send("POST", `${registration}/validatingadmissionpolicies`, { ...policy, metadata: { name: user }, spec: { ...spec, matchConditions } });
  const { warnings } = expectStatus(made, 201);
  if (warnings.length > 0) throw new Error(`the API server warns of the policy of ${user}: ${warnings.join("; ")}`);
  expectStatus(await loopback.as().send("POST", `${registration}/validatingadmissionpolicybindings`, binding), 201);
}

export async function removePolicy(loopback: Loopback, user: string): Promise<void> {
  for (const resource of ["validatingadmissionpolicybindings", "validatingadmissionpolicies"]) expectStatus(await loopback.as().send("DELETE", `${registration}/${resource}/${user}`), 200, 404);
}

/**
 * The server takes up all new policies at once, in the order in which they were made: once a last one is in force, all are.
 * @param name of the last one; each time another
 */
export async function waitForPolicies(loopback: Loopback, name = "canary"): Promise<void> {
  await putPolicy(loopback, { apiVersion: "admissionregistration.k8s.io/v1", kind: "ValidatingAdmissionPolicy", spec: { matchConstraints: { resourceRules: [canaryRule] }, validations: [{ expression: "false" }] } }, name);
  await waitForCanary(loopback, name);
}

/** The text of a denial; empty where the server admits. */
export function verdictOf(response: Response, user: string): string {
  if (response.status < 300) return "";
  const denial = `ValidatingAdmissionPolicy '${user}' with binding '${user}' denied request: `;
  const message = messageOf(response);
  const at = message.indexOf(denial);
  return at === -1 ? `(${String(response.status)}) ${message}` : message.slice(at + denial.length);
}

