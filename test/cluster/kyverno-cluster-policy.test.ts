/** Kyverno's ClusterPolicies in its admission controller: the legacy form. */
import { isObject } from "../../generator/schema/json.js";
import { clusterPolicy } from "../../generator/targets/kyverno.js";
import { describeCases } from "./kyverno-cases.js";
import { asJson } from "../json.js";
import { clusterVerdict, legacyApi, onlyFor } from "./kyverno.js";

const denying = (rule: unknown): object => (isObject(rule) ? { ...rule, validate: { ...(isObject(rule["validate"]) ? rule["validate"] : {}), failureAction: "Enforce" } } : {});

describeCases({
  name: "Kyverno in a cluster with ClusterPolicy",
  form: "cluster-policy",
  collection: `${legacyApi}/clusterpolicies`,
  inForce: "Ready",
  // Kyverno needs a second or more of a processor to take up one of them; the command line is asked about all (test:engines).
  sample: 2,
  policyOf: (rule, parameters, user) => {
    const { spec, metadata, ...policy } = asJson(clusterPolicy(rule, { parameters }));
    const { rules = [], emitWarning: _, ...rest } = isObject(spec) ? spec : {};
    return {
      ...policy,
      metadata: { ...(isObject(metadata) ? metadata : {}), name: user },
      spec: { ...rest, webhookConfiguration: { matchConditions: onlyFor(user) }, rules: Array.isArray(rules) ? rules.map(denying) : [] },
    };
  },
  canary: (user) => ({
    apiVersion: "kyverno.io/v1",
    kind: "ClusterPolicy",
    metadata: { name: user },
    spec: {
      webhookConfiguration: { matchConditions: onlyFor(user) },
      rules: [{ name: "no", match: { any: [{ resources: { kinds: ["ConfigMap"], operations: ["CREATE"] } }] }, validate: { failureAction: "Enforce", message: "no", deny: {} } }],
    },
  }),
  verdictOf: clusterVerdict,
});
