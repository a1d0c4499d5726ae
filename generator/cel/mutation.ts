/** A rule's fix as CEL: the patch that a MutatingAdmissionPolicy or Kyverno's MutatingPolicy makes. */
import { fixedField, type Fix } from "../../policies/kit/fix.js";
import { defaultLimits } from "../../policies/kit/view.js";
import type { Reads } from "../../manifest/view.js";
import type { CelMutation } from "../compiled.js";
import type { Constant, Expr } from "../ir/ir.js";
import { binary, call, chain, ident, index, list, literal, method, not, optionalSelect, select, ternary, variable, type Cel } from "./ast.js";
import { INDEXES, jsonCel, lowerExpr } from "./lower.js";
import { freshName } from "./names.js";
import { printCel } from "./print.js";
import { indexes } from "./program.js";
import { byTemplate, frameVariables, REVIEWED, viewVariables, type Variable } from "./view.js";
import { someCel } from "./walk.js";

const ownVariables = ["touched", "mends", "path"] as const;

/**
 * @param mends whether the fix is to be made, with all parameters written in
 * @param reads what that reads of the view
 * @param constants that it uses
 */
export function celMutation(fix: Fix, mends: Expr, reads: Reads, constants: readonly Constant[]): CelMutation {
  const field = fixedField(fix.field);
  if (field === undefined) throw new TypeError(`${fix.field} is no field that a fix can write`);
  const taken = new Set<string>([...frameVariables, ...ownVariables]);
  const names = new Map(constants.map(({ name }) => [name, freshName(name, taken)]));
  const kind = select(index(variable("reviews"), literal(0)), "kind");
  const parent = field.column.path.slice(0, -1);
  const holder = method(optionalSelect(index(variable("templates"), literal(0)), ...parent), "orValue", literal(null));
  const condition = lowerExpr({ functions: new Map(), constants: names, locals: new Map(), names: new Set() }, mends);
  const usesIndexes = someCel(condition, (each) => each.kind === "select" && each.field === INDEXES);
  const variables: Variable[] = [
    ...(usesIndexes ? [{ name: INDEXES, expression: indexes(Math.max(...Object.values(defaultLimits))) }] : []),
    ...constants.map(({ name, value }) => ({ name: names.get(name) ?? name, expression: jsonCel(value) })),
    ...viewVariables("workloads", { reads: { ...reads, Workload: withName(reads.Workload, "owners"), Owner: withName(reads.Owner, "controller") }, roots: new Set() }),
    { name: "touched", expression: touched(kind) },
    // What the field lies in must be there.
    { name: "mends", expression: chain("&&", [binary("!=", holder, literal(null)), condition], literal(true)) },
    { name: "path", expression: byTemplate(kind, (template) => literal(`/${[...template, ...field.column.path].join("/")}`), literal("")) },
  ];
  const patch: Cel = {
    kind: "message",
    name: "JSONPatch",
    fields: [
      { name: "op", value: literal("add") },
      { name: "path", value: variable("path") },
      { name: "value", value: literal(fix.to) },
    ],
  };
  const isMade = binary("&&", variable("touched"), variable("mends"));
  return {
    variables: variables.map(({ name, expression }) => ({ name, expression: printCel(expression) })),
    patch: printCel(ternary(isMade, list(patch), list())),
  };
}

const withName = (names: readonly string[] = [], name: string): readonly string[] => [...new Set([...names, name])].sort();

/**
 * An UPDATE is touched only where it changes what the rule reads of the template, so that nothing rolls out which would
 * not roll out anyway. An object that a controller keeps is its owner's: a Deployment would not know its own ReplicaSet
 * again. Pods are touched whoever made them.
 */
function touched(kind: Cel): Cel {
  const pods = variable("pods");
  const isChanged = binary("||", binary("==", call("size", pods), literal(1)), binary("!=", index(pods, literal(0)), index(pods, literal(1))));
  const owner = ident("owner");
  const isKept = method(select(variable("workload"), "owners"), "exists", owner, select(owner, "controller"));
  return chain("&&", [variable(REVIEWED), isChanged, binary("||", binary("==", kind, literal("v1/Pod")), not(isKept))], literal(true));
}
