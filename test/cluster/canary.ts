/** A policy that refuses every ConfigMap of one user, made after all others: once it is in force, they are. */
import { waitFor } from "../../cluster/process.js";
import type { Loopback } from "../../cluster/temporary.js";
import type { JsonObject } from "../../generator/schema/json.js";

/** What it reviews. */
export const canaryRule: JsonObject = { apiGroups: [""], apiVersions: ["v1"], operations: ["CREATE"], resources: ["configmaps"] };

/** Asks, until `user` is refused. */
export async function waitForCanary(loopback: Loopback, user: string): Promise<void> {
  const configMap = { apiVersion: "v1", kind: "ConfigMap", metadata: { name: "canary" } };
  await waitFor("the last policy", async () => ((await loopback.as(user).send("POST", "/api/v1/namespaces/default/configmaps?dryRun=All", configMap)).status === 201 ? undefined : true));
}
