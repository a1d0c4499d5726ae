/** Faults in the Rego back end. */
import type { Mutant } from "./mutant.js";

type Row = Omit<Mutant, "file" | "inRego">;
const within = (file: string, rows: readonly Row[]): Mutant[] => rows.map((row) => ({ ...row, file: `generator/rego/${file}`, inRego: true }));

export const regoMutants: readonly Mutant[] = [
  ...within("lower.ts", [
    {
      breaks: "the opposite of < is > (in Rego)",
      original: '"<": ">=", ">=": "<"',
      replacement: '"<": ">", ">=": "<"',
      caughtBy: ["constructs", "branches"],
    },
    {
      breaks: "the negation of a negation is lost",
      original: "return lowerCondition(context, expr.operand, !negated);",
      replacement: "return lowerCondition(context, expr.operand, negated);",
      caughtBy: ["constructs", "branches"],
    },
    {
      breaks: "a negated && keeps both halves",
      original: 'if ((expr.operator === "&&") !== negated) {',
      replacement: 'if (expr.operator === "&&") {',
      caughtBy: ["constructs", "branches"],
    },
    {
      breaks: "`in` is never negated",
      original: 'lowerValue(context, expr.element), lowerValue(context, expr.list)), negated));',
      replacement: 'lowerValue(context, expr.element), lowerValue(context, expr.list))));',
      caughtBy: ["agreement", "host-network-dns-policy"],
    },
    {
      breaks: "`some` and `every` are swapped",
      original: 'if ((expr.quantifier === "some") !== negated) {',
      replacement: 'if ((expr.quantifier === "every") !== negated) {',
      caughtBy: ["agreement", "host-network-port-range"],
    },
    {
      breaks: "a condition in a comprehension that holds in two ways gives two elements",
      original: "const within = { ...inner, body, locals, oneWay: true };",
      replacement: "const within = { ...inner, body, locals };",
      caughtBy: ["constructs", "lists"],
    },
    {
      breaks: "the else branch of a condition is tried although the condition holds",
      original: "...alternatives(context, expr.otherwise, guard(expr.condition, true))];",
      replacement: "...alternatives(context, expr.otherwise, prefix)];",
      caughtBy: ["constructs", "choices"],
    },
    {
      breaks: "only the left half of || counts",
      original: "return [...alternatives(context, expr.left, prefix), ...alternatives(context, expr.right, prefix)];",
      replacement: "return alternatives(context, expr.left, prefix);",
      caughtBy: ["constructs", "choices"],
    },
    {
      breaks: "a list is joined with a blank in place of its separator (in Rego)",
      original: 'return call("concat", value(expr.separator), value(expr.list));',
      replacement: 'return call("concat", scalar(" "), value(expr.list));',
      caughtBy: ["constructs", "lists"],
    },
    {
      breaks: "a quantity that is a number stays one (in Rego)",
      original: 'return libraryCall(context, "quantity_of", found);',
      replacement: "return found;",
      caughtBy: ["agreement", "host-network-resource-limits"],
    },
  ]),
  ...within("library.ts", [
    {
      breaks: "null is a value (in Rego)",
      original: "get(object_or_null, path, fallback) := value if {\n\tvalue := object.get(object_or_null, path, null)\n\tvalue != null\n",
      replacement: "get(object_or_null, path, fallback) := value if {\n\tvalue := object.get(object_or_null, path, fallback)\n",
      caughtBy: ["agreement", "host-network-port-range"],
    },
    {
      breaks: "the empty text does not stand for the default (in Rego)",
      original: 'not value in {null, ""}',
      replacement: "value != null",
      caughtBy: ["agreement", "host-network-dns-policy"],
    },
    {
      breaks: "entries that are null are entries",
      original: "\tsome key, value in map\n\tvalue != null\n",
      replacement: "\tsome key, value in map\n",
      caughtBy: ["constructs", "context"],
    },
    {
      breaks: "a text that is shortened does not show it (in Rego)",
      original: 'substring(text, 0, 100)), "..."])',
      replacement: "substring(text, 0, 100))])",
      caughtBy: ["constructs", "texts"],
    },
  ]),
];
