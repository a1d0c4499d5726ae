import type { StructuralSchema } from "../compiled.js";
import { buildParameters } from "../schema/walk.js";
import { array, call, scalar, variable, type Term } from "./ast.js";
import { jsonTerm } from "./module.js";

/** The parameters that a rule uses, complete: what a Constraint leaves out has its default here too. */
export function parameterTerm(schema: StructuralSchema, names: readonly string[], [root = "input", ...path]: readonly string[]): Term {
  return buildParameters<Term>(schema, names, {
    record: (fields) => ({ kind: "object", entries: fields.map(({ name, value }) => ({ key: name, value })) }),
    value: (below, fallback) => call("get", variable(root), array([...path, ...below].map(scalar)), jsonTerm(fallback)),
  });
}
