/** Kyverno's ValidatingPolicies in its admission controller. */
import { isObject } from "../../generator/schema/json.js";
import { validatingPolicy } from "../../generator/targets/kyverno.js";
import { describeCases } from "./kyverno-cases.js";
import { asJson } from "../json.js";
import { canaryRule } from "./canary.js";
import { onlyFor, policiesApi, validatingVerdict } from "./kyverno.js";

describeCases({
  name: "Kyverno in a cluster with ValidatingPolicy",
  form: "validating-policy",
  collection: `${policiesApi}/validatingpolicies`,
  inForce: "WebhookConfigured",
  policyOf: (rule, parameters, user) => {
    const { spec, ...policy } = asJson(validatingPolicy(rule, { parameters }));
    return { ...policy, metadata: { name: user }, spec: { ...(isObject(spec) ? spec : {}), validationActions: ["Deny"], matchConditions: onlyFor(user) } };
  },
  canary: (user) => ({
    apiVersion: "policies.kyverno.io/v1",
    kind: "ValidatingPolicy",
    metadata: { name: user },
    spec: { matchConstraints: { resourceRules: [canaryRule] }, matchConditions: onlyFor(user), validations: [{ expression: "false", message: "no" }] },
  }),
  verdictOf: validatingVerdict,
});
