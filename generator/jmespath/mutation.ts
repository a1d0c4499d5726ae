/** A rule's fix as preconditions of a Kyverno ClusterPolicy, which cannot be CEL where the policy mutates. */
import { fixedField, type Fix } from "../../policies/kit/fix.js";
import type { Reads } from "../../manifest/view.js";
import type { Expr } from "../ir/ir.js";
import { binary, call, literal, orElse, path, type Jmes } from "./ast.js";
import { jmesConditions, jmesDiffers } from "./lower.js";
import { printJmes } from "./print.js";

/** See `Mutation.jmespath`; what an UPDATE and an owner mean is as in cel/mutation.ts. */
export function jmesMutation(fix: Fix, mends: Expr, reads: Reads, template: readonly string[], old: boolean): readonly string[] | undefined {
  const pod = ["request", "object", ...template];
  const conditions = jmesConditions(mends, pod);
  const differs = old ? jmesDiffers(reads.Pod ?? [], pod, ["request", "oldObject", ...template]) : literal(true);
  if (conditions === undefined || differs === undefined) return undefined;
  const isPod = template.length === 0;
  // What the field lies in must be there.
  const parent = binary("!=", orElse(path(...pod, ...(fixedField(fix.field)?.column.path.slice(0, -1) ?? [])), {}), literal({}));
  return [...(old ? [binary("||", isNot("UPDATE"), differs), notDeleted] : []), ...(isPod ? [] : [notKept]), parent, ...conditions].map(printJmes);
}

const isNot = (operation: string): Jmes => binary("!=", path("request", "operation"), literal(operation));
const notDeleted: Jmes = binary("==", orElse(path("request", "object", "metadata", "deletionTimestamp"), ""), literal(""));
const notKept: Jmes = binary(
  "==",
  call("length", { kind: "filter", list: orElse(path("request", "object", "metadata", "ownerReferences"), []), condition: path("controller") }),
  literal(0),
);
