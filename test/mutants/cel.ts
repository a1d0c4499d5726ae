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
      breaks: "findings are separated by a comma",
      original: 'lowerStep(inner, wanted)), "join", literal("; "));',
      replacement: 'lowerStep(inner, wanted)), "join", literal(", "));',
      caughtBy: ["constructs", "branches"],
    },
    {
      breaks: "a loop with a negated condition finds the others",
      original: "isNothing(body.then) ? not(condition) : condition",
      replacement: "condition",
      caughtBy: ["constructs", "branches"],
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
    {
      breaks: "the length of the text is counted in characters, not in bytes",
      original: 'call("size", call("bytes", text))',
      replacement: 'call("size", text)',
      caughtBy: ["agreement", "unresolved-placeholder"],
    },
    {
      breaks: "a parameter that the policy does not write out has no default",
      original: "jsonCel(valueAt(given, path) ?? fallback)",
      replacement: "jsonCel(valueAt(given, path) ?? (Array.isArray(fallback) ? [] : fallback))",
      caughtBy: ["constructs", "parameters"],
    },
    {
      breaks: "a Constraint without a parameter has no default",
      original: "return ternary(present, typed[holds](), jsonCel(fallback));",
      replacement: "return ternary(present, typed[holds](), jsonCel(Array.isArray(fallback) ? [] : fallback));",
      caughtBy: ["constructs", "parameters"],
    },
    {
      breaks: "integers in a list of a Constraint stay floats",
      original: 'integers: () => integers(value, "number")',
      replacement: "integers: () => value",
      caughtBy: ["constructs", "parameters"],
    },
    {
      breaks: "the prepared positions skip a number",
      original: 'binary("+", position, literal(size * times))',
      replacement: 'binary("+", position, literal(size * times + 1))',
      caughtBy: ["constructs", "positions"],
    },
  ]),
  ...within("cel/view.ts", [
    {
      breaks: "null is a value (in CEL)",
      original: "const present = isThere(method(optionalSelect(raw, ...path), \"orValue\", literal(null)));",
      replacement: "const present = method(optionalSelect(raw, ...path), \"hasValue\");",
      caughtBy: ["agreement", "host-network-port-range"],
    },
    {
      breaks: "the empty text does not stand for the default (in CEL)",
      original: 'literal(field.default), field.default !== "")',
      replacement: "literal(field.default))",
      caughtBy: ["agreement", "host-network-dns-policy"],
    },
    {
      breaks: "integers of the object stay floats",
      original: 'return call("int", value);',
      replacement: "return value;",
      caughtBy: ["agreement", "host-network-port-range"],
    },
    {
      breaks: "ephemeral containers are not seen (in CEL)",
      original: "const lists = field.paths.map((path) => ({ path, elements:",
      replacement: "const lists = field.paths.slice(0, 2).map((path) => ({ path, elements:",
      caughtBy: ["agreement", "unresolved-placeholder"],
    },
    {
      breaks: "every container is a main one",
      original: 'value: literal(path[path.length - 1] ?? "")',
      replacement: 'value: literal(field.paths[0]?.[field.paths[0].length - 1] ?? "")',
      caughtBy: ["agreement", "host-network-port-conflict"],
    },
    {
      breaks: "deletion is reviewed (in CEL)",
      original: 'binary("!=", request, literal("DELETE")), ',
      replacement: "",
      caughtBy: ["agreement", "restrict-host-network"],
    },
    {
      breaks: "what is being deleted is reviewed (in CEL)",
      original: 'chain("&&", [binary("==", deletion, literal(null)), changed], literal(true))',
      replacement: "changed",
      caughtBy: ["agreement", "restrict-host-network"],
    },
    {
      breaks: "a change of one of the fields brings no review (in CEL)",
      original: "differs(\"reviews\", \"kind\"), ...changes]",
      replacement: "differs(\"reviews\", \"kind\"), ...changes.slice(1)]",
      caughtBy: ["agreement", "restrict-host-network"],
    },
    {
      breaks: "the kinds of other objects lack the first",
      original: "const lists = kinds.map((row) => {",
      replacement: "const lists = kinds.slice(1).map((row) => {",
      caughtBy: ["agreement", "host-network-shared-port"],
    },
    {
      breaks: "an update of another kind of object is an UPDATE",
      original: 'binary("==", kind(0), kind(1)));',
      replacement: "literal(true));",
      caughtBy: ["agreement", "host-network-immutable"],
    },
  ]),
  ...within("cel/mutation.ts", [
    {
      breaks: "a mutation touches what an update leaves as it was",
      original: "[variable(REVIEWED), isChanged, ",
      replacement: "[variable(REVIEWED), ",
      caughtBy: ["fixes"],
    },
  ]),
  ...within("intrinsics.ts", [
    {
      breaks: "a text that is shortened does not show it (in CEL)",
      original: 'literal(SHOWN_CHARACTERS)), literal("..."))',
      replacement: 'literal(SHOWN_CHARACTERS)), literal(""))',
      caughtBy: ["constructs", "texts"],
    },
    {
      breaks: "ten digits are a number",
      original: 'literal("^[0-9]{1,9}$")',
      replacement: 'literal("^[0-9]{1,10}$")',
      caughtBy: ["constructs", "texts"],
    },
    {
      breaks: "behind the last separator stands the separator",
      original: 'binary("+", method(text, "lastIndexOf", separator), celCall("size", separator))',
      replacement: 'method(text, "lastIndexOf", separator)',
      caughtBy: ["constructs", "texts"],
    },
  ]),
];
