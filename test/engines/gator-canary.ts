/** A policy that every object violates. `gator test` says nothing of clean objects: this proves that it saw them. */

export const canaryTemplate = {
  apiVersion: "templates.gatekeeper.sh/v1",
  kind: "ConstraintTemplate",
  metadata: { name: "canary" },
  spec: {
    crd: { spec: { names: { kind: "Canary" } } },
    targets: [
      {
        target: "admission.k8s.gatekeeper.sh",
        code: [
          { engine: "K8sNativeValidation", source: { validations: [{ expression: "false", message: "seen" }] } },
          { engine: "Rego", source: { version: "v1", rego: 'package canary\n\nviolation contains {"msg": "seen"}\n' } },
        ],
      },
    ],
  },
};

export const canaryConstraint = { apiVersion: "constraints.gatekeeper.sh/v1beta1", kind: "Canary", metadata: { name: "canary" } };
