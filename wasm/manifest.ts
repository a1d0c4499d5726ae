import type { Need, Reviews } from "../policies/kit/view.js";
import type { Fix } from "../policies/kit/fix.js";
import type { Enforcement, Severity } from "../policies/kit/rule.js";
import type { Reads } from "../manifest/view.js";

/** A JSON Schema (draft-07) of an object; the parameters of a rule. */
export type ParameterSchema = Readonly<Record<string, unknown>>;

/** What policy-test knows of a rule without loading its source. */
export interface RuleManifest {
  readonly id: string;
  readonly title: string;
  /** Why the rule exists; paragraphs of plain text. */
  readonly description: string;
  readonly severity: Severity;
  readonly enforcement: Enforcement;
  readonly reviews: Reviews;
  /** What the rule must be told beside the object to find everything. */
  readonly needs: readonly Need[];
  /** How its findings at one field are fixed. */
  readonly fix?: Fix;
  /** Schema of the rule's parameters, closed (no unknown names) and with a `default` for every top-level one. */
  readonly parameters: ParameterSchema;
  /** The fields of the view that the rule reads. */
  readonly reads: Reads;
}

/** Rules to run together, with settings. */
export interface BundleManifest {
  readonly name: string;
  /** One line. */
  readonly title: string;
  readonly description: string;
  /** Sorted by id. `parameters` are those that the bundle sets; the rest has the rule's defaults. */
  readonly rules: readonly { readonly id: string; readonly enforcement: Enforcement; readonly parameters: Readonly<Record<string, unknown>> }[];
}

/** wasm/manifest.json: what is inside wasm/policy.wasm. Written by the generator. */
export interface WasmManifest {
  /** Version of opa that compiled the module. */
  readonly opa: string;
  /** SHA-256 of the Rego that the module was compiled from. */
  readonly source: string;
  /** SHA-256 of policy.wasm: whether module and manifest belong together. */
  readonly wasm: string;
  /**
   * The entrypoint that evaluates every rule named in the input's `parameters`.
   *
   * Input: `{ review: { object, oldObject?, operation?, namespaceObject? }, parameters: { "<rule id>": { … complete … } }, deferred?: [ids] }`.
   * Data: `{ inventory }`, in the form of Gatekeeper's.
   * Result: a set of `{ rule, path, msg }`, in no order; for a deferred rule `{ rule, in_scope: true }` where it would look at the object.
   */
  readonly entrypoint: string;
  /** The rules, sorted by id. */
  readonly rules: readonly RuleManifest[];
  /** Sorted by name. */
  readonly bundles: readonly BundleManifest[];
}
