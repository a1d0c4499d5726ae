/** Faults in the CEL back end. */
import type { Mutant } from "./mutant.js";

type Row = Omit<Mutant, "file" | "inRego">;
const within = (file: string, rows: readonly Row[]): Mutant[] => rows.map((row) => ({ ...row, file: `generator/${file}`, inRego: false }));

export const celMutants: readonly Mutant[] = [
  ...within("cel/lower.ts", [
    {
      breaks: "`all` for `exists`",
      original: 'expr.quantifier === "some" ? "exists" : "all"',
      replacement: 'expr.quantifier === "some" ? "all" : "all"',
      caughtBy: ["agreement", "host-network-port-range"],
    },
    {
      breaks: "empty texts are joined as well",
      original: 'return method(method(texts, "filter", ident(name), binary("!=", ident(name), literal(""))), "join", literal("; "));',
      replacement: 'return method(method(texts, "filter", ident(name), literal(true)), "join", literal("; "));',
      caughtBy: ["constructs", "branches"],
    },
    {
      breaks: "the last position of a list is left out",
      original: 'return method(fitting, "filter", ident(name), binary("<", ident(name), length));',
      replacement: 'return method(fitting, "filter", ident(name), binary("<", ident(name), binary("-", length, literal(1))));',
      caughtBy: ["constructs", "positions"],
    },
    {
      breaks: "a position below zero is one",
      original: 'binary("&&", binary("<=", literal(0), at), isBelow)',
      replacement: "isBelow",
      caughtBy: ["constructs", "indexes"],
    },
    {
      breaks: "an entry that is null is there",
      original: 'binary("&&", binary("in", key, map), binary("!=", value, literal(null)))',
      replacement: 'binary("in", key, map)',
      caughtBy: ["constructs", "indexes"],
    },
    {
      breaks: "a quantity that is a number stays one (in CEL)",
      original: 'isQuantity ? call("string", value) : value',
      replacement: "value",
      caughtBy: ["agreement", "host-network-resource-limits"],
    },
    {
      breaks: "an integer of a parameter's record stays a float",
      original: 'if (expr.type.kind === "integer") return call("int", value);',
      replacement: "",
      caughtBy: ["constructs", "parameters"],
    },
  ]),
  ...within("cel/program.ts", [
    {
      breaks: "the bounds on lists do not apply",
      original: '(otherwise, bound) => ternary(binary(">", lowerExpr(env, bound.count), literal(bound.limit)), literal(bound.message), otherwise),',
      replacement: "(otherwise) => otherwise,",
      caughtBy: ["constructs", "frame"],
    },
    {
      breaks: "who is exempt is found all the same (in CEL)",
      original: "[not(lowerExpr(env, program.exempt))]",
      replacement: "[]",
      caughtBy: ["agreement", "host-network-port-range"],
    },
  ]),
];
