import type { CelProgram, CompiledRule } from "../compiled.js";
import type { JsonObject } from "../schema/json.js";
import { isExpressible, needsAccess, syncRequirements } from "./known.js";
import { enforcements, FIRST_VERSION, kindOf } from "./names.js";
import { matchKinds } from "./resources.js";

const TARGET = "admission.k8s.gatekeeper.sh";

/**
 * The ConstraintTemplate of a rule. Of its two engines Gatekeeper runs CEL; Rego is there for those without it. What CEL cannot say
 * completely comes as Rego alone: Gatekeeper would run the CEL, and be silent where it is.
 */
export function constraintTemplate(rule: CompiledRule): object {
  const kind = kindOf(rule.meta.id);
  return {
    apiVersion: "templates.gatekeeper.sh/v1",
    kind: "ConstraintTemplate",
    metadata: {
      name: kind.toLowerCase(),
      annotations: {
        "metadata.gatekeeper.sh/title": rule.meta.title,
        "metadata.gatekeeper.sh/version": rule.meta.release?.version ?? FIRST_VERSION,
        ...(needsAccess(rule) ? { "metadata.gatekeeper.sh/requires-sync-data": syncRequirements(rule) } : {}),
        description: rule.meta.description,
      },
    },
    spec: {
      crd: {
        spec: { names: { kind }, validation: { legacySchema: false, openAPIV3Schema: rule.schema } },
      },
      targets: [
        {
          target: TARGET,
          code: [
            ...(isExpressible(rule, "gatekeeper-cel") ? [{ engine: "K8sNativeValidation", source: celSource(rule.cel()) }] : []),
            { engine: "Rego", source: { version: "v1", rego: rule.rego([kind.toLowerCase()], ["input", "parameters"]) } },
          ],
        },
      ],
    },
  };
}

function celSource(program: CelProgram): object {
  return {
    failurePolicy: "Fail",
    variables: program.variables.map(({ name, expression }) => ({ name, expression })),
    validations: [validationOf(program)],
  };
}

/** The one validation of a rule, in the form that every CEL engine shares. */
export function validationOf(program: CelProgram): object {
  return { expression: program.condition, messageExpression: program.messageExpression, message: program.message };
}

export interface ConstraintOptions {
  readonly name: string;
  readonly parameters?: JsonObject;
  readonly excludedNamespaces?: readonly string[];
}

/** A Constraint of the rule's template on all kinds that it reviews. */
export function constraint(rule: CompiledRule, { name, parameters = {}, excludedNamespaces = [] }: ConstraintOptions): object {
  return {
    apiVersion: "constraints.gatekeeper.sh/v1beta1",
    kind: kindOf(rule.meta.id),
    metadata: { name },
    spec: {
      enforcementAction: enforcements[rule.meta.enforcement].gatekeeper,
      match: { kinds: matchKinds(rule.meta.reviews), ...(excludedNamespaces.length === 0 ? {} : { excludedNamespaces }) },
      ...(Object.keys(parameters).length === 0 ? {} : { parameters }),
    },
  };
}
