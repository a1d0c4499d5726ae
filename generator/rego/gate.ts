import type { Clause, Gate, Loop, Raw, Test } from "../ir/gate.js";
import { array, call, holds, infix, ref, scalar, variable, type Literal, type Rule, type Term } from "./ast.js";
import { Names } from "./names.js";

export const CONCERNED = "concerned";
export const POD_TEMPLATE = "pod_template";

/**
 * `concerned`, which holds where the rule may find something. It reads the object itself, without a function for each value:
 * what is not there is undefined, and holds in no comparison, as null does not.
 */
export function gateRules({ clauses }: Gate, taken: Names): Rule[] {
  const rules = clauses.map((clause): Rule => ({ name: CONCERNED, clause: { body: body(clause, new Names(taken)) }, otherwise: [] }));
  const [first, ...others] = rules;
  const comment = "Whether the object is one that this rule may find something in: looked at first, since most are not.";
  const template: Rule = { name: POD_TEMPLATE, clause: { value: call("template_of", review), body: [] }, otherwise: [] };
  const usesTemplate = clauses.some(({ loops, tests }) => [...loops.map(({ of }) => of), ...tests.map(({ raw }) => raw)].includes("template"));
  return [...(first === undefined ? [] : [{ ...first, comment }]), ...others, ...(usesTemplate ? [template] : [])];
}

const review = ref(variable("input"), "review", "object");

function body({ loops, tests }: Clause, names: Names): Literal[] {
  const bound = new Map<string, Term>();
  const at = (raw: Raw): Term => (raw === "object" ? review : raw === "template" ? variable(POD_TEMPLATE) : (bound.get(raw.name) ?? variable("_")));
  const testsOf = (name: string): Literal[] => tests.filter(({ raw }) => (typeof raw === "string" ? raw : raw.name) === name).map((test) => testLiteral(test, at(test.raw)));
  const lines = [...testsOf("object"), ...testsOf("template")];
  for (const loop of loops) {
    const isUsed = tests.some(({ raw }) => raw !== "object" && raw !== "template" && raw.name === loop.name) || loops.some(({ of }) => typeof of !== "string" && of.name === loop.name);
    const item = isUsed ? names.take(loop.name) : "_";
    lines.push(...iteration(loop, at(loop.of), item, names));
    bound.set(loop.name, variable(item));
    lines.push(...testsOf(loop.name));
  }
  return lines;
}

function iteration({ paths }: Loop, of: Term, item: string, names: Names): Literal[] {
  const [first = [], ...others] = paths;
  if (others.length === 0) return [{ kind: "some", item, list: ref(of, ...first) }];
  const holder = first.slice(0, -1);
  if (others.some((path) => path.slice(0, -1).join(".") !== holder.join("."))) throw new TypeError("the lists of one field lie in several places");
  const source = names.take("source");
  return [
    { kind: "some", item: source, list: array(paths.map((path) => scalar(path[path.length - 1] ?? ""))) },
    { kind: "some", item, list: ref(of, ...holder, variable(source)) },
  ];
}

/**
 * OPA takes the references out of a call before it negates it: `not f(input.x)` does not hold where `input.x` is not there. So a
 * negated call is the list of what holds, which is empty.
 */
function testLiteral(test: Test, raw: Term): Literal {
  const term = testTerm(test, raw);
  const isCall = term.kind === "call" || (term.kind === "infix" && term.operator !== "==");
  if (!test.negated || !isCall || test.path.length === 0) return holds(term, test.negated);
  return holds(infix("==", { kind: "comprehension", head: scalar(true), body: [holds(term)] }, array([])));
}

function testTerm({ path, operator, value }: Test, raw: Term): Term {
  const read = ref(raw, ...path);
  // Above false lie true and what is no truth value at all, which no engine may take for false; null lies below it.
  if (typeof value === "boolean") return infix(">", read, scalar(false));
  switch (operator) {
    case "==":
    case ">":
    case ">=":
      return infix(operator, read, scalar(value));
    case "startsWith":
      return call("startswith", read, scalar(value));
    case "endsWith":
      return call("endswith", read, scalar(value));
    case "includes":
      return call("contains", read, scalar(value));
    case "longer":
      return ref(read, scalar(value));
  }
}
