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
      original: '? libraryCall(context, "text_of", found) : found;',
      replacement: "? found : found;",
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
    {
      breaks: "a text of 100 characters is shortened",
      original: "count(text) <= 100",
      replacement: "count(text) < 100",
      caughtBy: ["constructs", "texts"],
    },
    {
      breaks: "all zeros are no number",
      original: 'regex.match("^0{1,9}$", text)',
      replacement: 'regex.match("^0{2,9}$", text)',
      caughtBy: ["constructs", "texts"],
    },
    {
      breaks: "behind the first separator in place of the last",
      original: "parts[count(parts) - 1] if {",
      replacement: "parts[min({1, count(parts) - 1})] if {",
      caughtBy: ["constructs", "texts"],
    },
    {
      breaks: "an element is taken one position too far",
      original: "value := list[index]",
      replacement: "value := list[index + 1]",
      caughtBy: ["constructs", "indexes"],
    },
  ]),
  ...within("module.ts", [
    {
      breaks: "a list of as many elements as its bound is too long (in Rego)",
      original: 'context.body.push(holds(infix(">", lowerValue(context, bound.count)',
      replacement: 'context.body.push(holds(infix(">=", lowerValue(context, bound.count)',
      caughtBy: ["constructs", "frame"],
    },
    {
      breaks: "beyond a bound the rule looks on",
      original: 'within.body.push(holds(infix("<=", lowerValue(within, bound.count), scalar(bound.limit))));',
      replacement: "",
      caughtBy: ["constructs", "frame"],
    },
    {
      breaks: "who is exempt is found all the same (in Rego)",
      original: "if (program.exempt !== undefined) lowerCondition(scope, program.exempt, true);",
      replacement: "",
      caughtBy: ["agreement", "host-network-port-range"],
    },
    {
      breaks: "what follows an `if` that returns runs always",
      original: 'visit(step.otherwise, [...prefix, { kind: "guard", condition: step.condition, negated: true }]);',
      replacement: "visit(step.otherwise, prefix);",
      caughtBy: ["agreement", "host-network-dns-policy"],
    },
  ]),
  ...within("parameters.ts", [
    {
      breaks: "a parameter that is not given has no default (in Rego)",
      original: 'call("get", variable(root), array([...path, ...below].map(scalar)), jsonTerm(fallback))',
      replacement: 'call("get", variable(root), array([...path, ...below].map(scalar)), jsonTerm(Array.isArray(fallback) ? [] : fallback))',
      caughtBy: ["constructs", "parameters"],
    },
  ]),
  ...within("specialize.ts", [
    {
      breaks: "a helper is given the wrong field of a record",
      original: 'read.kind === "field" && expr.name === field :',
      replacement: 'read.kind === "field" :',
      caughtBy: ["agreement", "host-network-port-conflict"],
    },
  ]),
  ...within("view.ts", [
    {
      breaks: "ephemeral containers are not seen (in Rego)",
      original: "list: array(sources.map(scalar)) }",
      replacement: "list: array(sources.slice(0, 2).map(scalar)) }",
      caughtBy: ["agreement", "unresolved-placeholder"],
    },
    {
      breaks: "deletion is reviewed (in Rego)",
      original: 'items: [scalar("UPDATE"), scalar("DELETE")]',
      replacement: 'items: [scalar("UPDATE")]',
      caughtBy: ["agreement", "restrict-host-network"],
    },
    {
      breaks: "what is being deleted is reviewed (in Rego)",
      original: ', holds(infix("==", deletion, scalar(null))), holds(variable("changed"))',
      replacement: ', holds(variable("changed"))',
      caughtBy: ["agreement", "restrict-host-network"],
    },
    {
      breaks: "a change of one of the fields brings no review (in Rego)",
      original: ": loud.map((field) => differs(ref(before, field)",
      replacement: ": loud.slice(1).map((field) => differs(ref(before, field)",
      caughtBy: ["agreement", "host-network-shared-port"],
    },
    {
      breaks: "a Namespace that is only synced is not known",
      original: '{ value: found, body: [assign("found", ref(variable("data"), "inventory", "cluster", apiVersionOf(namespaceKind), namespaceKind.kind, name))] },',
      replacement: "",
      caughtBy: ["agreement", "host-network-pod-security"],
    },
    {
      breaks: "of the kinds of a version only the first is looked for",
      original: ".map((row) => scalar(row.kind))) }));",
      replacement: ".map((row) => scalar(row.kind)).slice(0, 1)) }));",
      caughtBy: ["agreement", "host-network-shared-port"],
    },
    {
      breaks: "a probe that is null is a probe",
      original: ', holds(infix("!=", variable("element"), scalar(null)))]',
      replacement: "]",
      caughtBy: ["constructs", "positions"],
    },
  ]),
];
