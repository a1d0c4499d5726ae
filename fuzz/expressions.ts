/** Random expressions of the subset, well typed. What may get beyond what the engines count alike is for the compiler to refuse. */
import type { Random } from "../bench/random.js";
import { term, type Term } from "./term.js";
import { elementOf, fieldsOf, itemFields, parameterTable } from "./types.js";

export interface Variable {
  readonly name: string;
  readonly type: string;
  /** Part of the object under review, or a list with a bound: positions can be asked for, records named as places. */
  readonly own: boolean;
}

export interface Helper {
  readonly name: string;
  readonly parameters: readonly string[];
  readonly returns: string;
}

export interface Scope {
  readonly random: Random;
  readonly variables: readonly Variable[];
  readonly helpers: readonly Helper[];
  readonly hasParameters: boolean;
  /** Whether positions may be asked for here at all. */
  readonly counts: boolean;
  /** Gives a name that occurs nowhere else. */
  readonly fresh: (prefix: string) => string;
}

export const withVariable = (scope: Scope, variable: Variable): Scope => ({ ...scope, variables: [...scope.variables, variable] });

type Make = () => Term;

const words = ["agent", "a", "http", "metrics", "TCP", "80", "8080", "default", "web-1", "", "--port", "Pod", "é", "x y", "<A>", "1e3", "080", "0x50", "-0", "80.5", "+1", "999999999", "1000000000", "2147483648", "100m", "0.5Gi"];
const patterns = ["^[a-z]+$", "[0-9]+", "^a", "^(web|agent)-?", "e[a-z]?t", "^--[a-z]+=", "[A-Z]{2,3}", "^$", "\\\\d\\\\d", "[-:]", "(a|b)*t$"];
const numbers = [0, 1, 2, 3, 5, 80, 443, 1024, 8080, 100, -1, -7, 30_000];
/** Where a number of 16 or 32 bits ends, and a text may be too long to be one. */
const edges = [65_535, 65_536, 1_000_000, 999_999_999, 1_000_000_000, 2 ** 31 - 1, 1 - 2 ** 31];

/** A place where a value of the type can be read: a variable, a field of one, a parameter. */
function leaves(scope: Scope, type: string): { readonly make: Make; readonly own: boolean }[] {
  const found: { make: Make; own: boolean }[] = [];
  for (const { name, type: of, own } of scope.variables) {
    if (of === type) found.push({ make: () => term(type, name), own });
    for (const field of fieldsOf(of)) {
      if (field.type === type) found.push({ make: () => term(type, `${name}.${field.name}`), own: own && (elementOf(type) === undefined || field.bounded) });
      if (field.type === "closed" && type === "text") found.push({ make: () => term("text", "`${", `${name}.${field.name}`, "}`"), own });
      if (field.type === "map" && type === "text") found.push({ make: () => term("text", `(${name}.${field.name}["${scope.random.pick(["zone", "app", "kubernetes.io/os", ""])}"] ?? `, text(scope, 0), ")"), own });
      if (field.type === "quantities" && type === "text") found.push({ make: () => term("text", `(${name}.${field.name}["${scope.random.pick(["cpu", "memory"])}"] ?? `, text(scope, 0), ")"), own });
      // A Pod is read by its containers first.
      for (const inner of fieldsOf(field.type)) if (inner.type === type) found.push({ make: () => term(type, `${name}.${field.name}.${inner.name}`), own: false });
    }
    if (of === "Item") {
      for (const field of itemFields) {
        if (field.type !== type) continue;
        found.push({ make: () => (field.isOptional ? term(type, `(${name}.${field.name} ?? `, literal(scope, type), ")") : term(type, `${name}.${field.name}`)), own: true });
      }
    }
  }
  if (scope.hasParameters) {
    for (const [name, parameter] of Object.entries(parameterTable)) {
      if (parameter.type === type) found.push({ make: () => term(type, `params.${name}`), own: true });
      if (parameter.type === "closed" && type === "text") found.push({ make: () => term("text", "`${", `params.${name}`, "}`"), own: true });
      if (parameter.type === "map" && type === "text") found.push({ make: () => term("text", `(params.${name}["zone"] ?? `, text(scope, 0), ")"), own: true });
    }
  }
  return found;
}

function literal({ random }: Scope, type: string): Term {
  const written = (of: string): string => (of === "integer" ? String(random.pick(random.chance(15) ? edges : numbers)) : of === "boolean" ? String(random.chance(50)) : JSON.stringify(random.pick(words)));
  const element = elementOf(type);
  if (element === undefined) return term(type, written(type));
  return term(type, `[${Array.from({ length: random.between(1, 3) }, () => written(element)).join(", ")}]`);
}

/** One that is read, where there is any; for lists that are to be counted, one with a bound. */
function leaf(scope: Scope, type: string): Term {
  const found = leaves(scope, type);
  return found.length === 0 ? literal(scope, type) : scope.random.pick(found).make();
}

function call(scope: Scope, returns: string, depth: number): Make[] {
  const isRecord = (type: string): boolean => fieldsOf(type).length > 0;
  const canPass = (type: string): boolean => !isRecord(type) || scope.variables.some((each) => each.own && each.type === type);
  return scope.helpers
    .filter((helper) => helper.returns === returns && helper.parameters.every(canPass))
    .map((helper) => () => {
      const args = helper.parameters.flatMap((type, at) => [...(at === 0 ? [] : [", "]), isRecord(type) ? record(scope, type) : value(scope, type, depth - 1)]);
      return term(returns, `${helper.name}(`, ...args, ")");
    });
}

function record(scope: Scope, type: string): Term {
  const known = scope.variables.filter((each) => each.own && each.type === type);
  return term(type, scope.random.pick(known.map(({ name }) => name)));
}

/** The types of lists that can be read here. */
function listTypes(scope: Scope): { readonly type: string; readonly own: boolean; readonly make: Make }[] {
  const types = ["text[]", "integer[]", "Item[]", ...["Container", "Port", "EnvVar", "VolumeMount", "Volume", "Probe", "Owner", "NodeSelectorTerm", "LabelRequirement"].map((name) => `${name}[]`)];
  return types.flatMap((type) => leaves(scope, type).map((each) => ({ type, ...each })));
}

/** A list to run over, and what its elements are. */
export function loopList(scope: Scope, depth: number): { readonly list: Term; readonly element: string; readonly own: boolean } {
  const choices = listTypes(scope);
  if (choices.length === 0 || scope.random.chance(15)) return { list: listOf(scope, "text[]", depth), element: "text", own: false };
  const { type, own, make } = scope.random.pick(choices);
  const element = elementOf(type) ?? "text";
  if (depth > 0 && scope.random.chance(25)) return { list: filtered(scope, make(), type, own, depth), element, own };
  return { list: make(), element, own };
}

/** `(x) => …` or `(x, i) => …` for the elements of a list. */
function arrow(scope: Scope, element: string, own: boolean, body: (inner: Scope) => Term): (string | Term)[] {
  const item = scope.fresh("v");
  const inner = withVariable(scope, { name: item, type: element, own });
  if (!own || !scope.counts || !scope.random.chance(30)) return [`(${item}) => `, body(inner)];
  const index = scope.fresh("i");
  return [`(${item}, ${index}) => `, body(withVariable(inner, { name: index, type: "integer", own: true }))];
}

function filtered(scope: Scope, list: Term, type: string, own: boolean, depth: number): Term {
  return term(type, list, ".filter(", ...arrow(scope, elementOf(type) ?? "text", own, (inner) => boolean(inner, depth - 1)), ")");
}

export function boolean(scope: Scope, depth: number): Term {
  const { random } = scope;
  if (depth <= 0) return random.chance(5) ? literal(scope, "boolean") : random.chance(60) ? leaf(scope, "boolean") : term("boolean", "(", leaf(scope, "integer"), random.pick([" > ", " < ", " >= "]), literal(scope, "integer"), ")");
  const choices: Make[] = [
    () => term("boolean", "(", integer(scope, depth - 1, true), ` ${random.pick(["===", "!==", "<", "<=", ">", ">="])} `, integer(scope, depth - 1), ")"),
    () => term("boolean", "(", product(scope, 0), ` ${random.pick(["===", "!==", "<", "<=", ">", ">="])} `, integer(scope, 0), ")"),
    () => term("boolean", "(", text(scope, depth - 1, true), ` ${random.pick(["===", "!=="])} `, text(scope, depth - 1), ")"),
    () => term("boolean", "(", boolean(scope, depth - 1), ` ${random.pick(["&&", "||"])} `, boolean(scope, depth - 1), ")"),
    () => term("boolean", "(", boolean(scope, depth - 1), ` ${random.pick(["&&", "||"])} `, boolean(scope, depth - 1), ")"),
    () => term("boolean", "(", boolean(scope, depth - 1), ` ${random.pick(["===", "!=="])} `, boolean(scope, depth - 1), ")"),
    () => term("boolean", "!", term("boolean", "(", boolean(scope, depth - 1), ")")),
    () => term("boolean", "(", boolean(scope, depth - 1), " ? ", boolean(scope, depth - 1), " : ", boolean(scope, depth - 1), ")"),
    () => quantifier(scope, depth),
    () => quantifier(scope, depth),
    () => term("boolean", listOf(scope, "text[]", depth - 1), ".includes(", text(scope, depth - 1), ")"),
    () => term("boolean", listOf(scope, "integer[]", depth - 1), ".includes(", integer(scope, depth - 1), ")"),
    () => term("boolean", text(scope, depth - 1, true), `.${random.pick(["startsWith", "endsWith", "includes"])}(`, text(scope, depth - 1), ")"),
    () => term("boolean", `/${random.pick(patterns).replaceAll("\\\\", "\\")}/.test(`, text(scope, depth - 1), ")"),
    () => unordered(scope, depth),
    ...call(scope, "boolean", depth),
    ...call(scope, "boolean", depth),
  ];
  return random.pick(choices)();
}

function quantifier(scope: Scope, depth: number): Term {
  const { list, element, own } = loopList(scope, depth - 1);
  return term("boolean", list, `.${scope.random.pick(["some", "every"])}(`, ...arrow(scope, element, own, (inner) => boolean(inner, depth - 1)), ")");
}

/** A question to the entries of a map, or to the cluster. */
function unordered(scope: Scope, depth: number): Term {
  const { random } = scope;
  const maps = scope.variables.flatMap((each) => fieldsOf(each.type).flatMap((field) => (field.type === "map" ? [`entriesOf(${each.name}.${field.name})`] : [])));
  if (scope.hasParameters) maps.push("entriesOf(params.labels)");
  const lists = scope.variables.flatMap((each) => fieldsOf(each.type).flatMap((field) => (field.type.startsWith("unordered ") ? [{ text: `${each.name}.${field.name}`, element: field.type.slice(10) }] : [])));
  if (lists.length > 0 && random.chance(70)) {
    const { text: list, element } = random.pick(lists);
    return term("boolean", list, `.${random.pick(["some", "every"])}(`, ...arrow(scope, element, false, (inner) => boolean(inner, depth - 1)), ")");
  }
  if (maps.length === 0) return leaf(scope, "boolean");
  const item = scope.fresh("e");
  const inner = withVariable(withVariable(scope, { name: `${item}.key`, type: "text", own: false }), { name: `${item}.value`, type: "text", own: false });
  return term("boolean", random.pick(maps), `.${random.pick(["some", "every"])}((${item}) => `, boolean(inner, depth - 1), ")");
}

/** @param wide of the type `number`, not of a literal's: TypeScript refuses to compare two literals */
export function integer(scope: Scope, depth: number, wide = false): Term {
  const { random } = scope;
  if (depth <= 0) {
    const found = leaves(scope, "integer");
    if (found.length > 0 && (wide || random.chance(60))) return random.pick(found).make();
    return wide ? lengthOf(scope, 0) : literal(scope, "integer");
  }
  const choices: Make[] = [
    () => integer(scope, 0, wide),
    () => lengthOf(scope, depth),
    () => lengthOf(scope, depth),
    () => term("integer", "(", integer(scope, depth - 1), ` ${random.pick(["+", "-"])} `, integer(scope, depth - 1), ")"),
    () => term("integer", "(", lengthOf(scope, 0), " * ", literal(scope, "integer"), ")"),
    () => product(scope, 0),
    () => term("integer", "toInteger(", text(scope, depth - 1), ", ", integer(scope, depth - 1), ")"),
    () => term("integer", "sum(", listOf(scope, "integer[]", depth - 1), ")"),
    () => term("integer", "(", listOf(scope, "integer[]", depth - 1), "[", integer(scope, depth - 1), "] ?? ", integer(scope, depth - 1), ")"),
    ...(wide ? [] : [(): Term => term("integer", "(", boolean(scope, depth - 1), " ? ", integer(scope, depth - 1), " : ", integer(scope, depth - 1), ")")]),
    ...call(scope, "integer", depth),
    ...call(scope, "integer", depth),
  ];
  return random.pick(choices)();
}

/** Mostly within 2^53; else it may stand only where it is compared with something smaller. */
function product(scope: Scope, depth: number): Term {
  const small = scope.random.chance(70) ? term("integer", String(scope.random.pick([2, 3, 100, 1024, 65_535, -7]))) : integer(scope, depth);
  return term("integer", "(", integer(scope, depth, true), " * ", small, ")");
}

function lengthOf(scope: Scope, depth: number): Term {
  return term("integer", loopList(scope, depth - 1).list, ".length");
}

export function text(scope: Scope, depth: number, wide = false): Term {
  const { random } = scope;
  if (depth <= 0) {
    const found = leaves(scope, "text");
    if (found.length > 0 && (wide || random.chance(70))) return random.pick(found).make();
    return wide ? term("text", "show(", literal(scope, "text"), ")") : literal(scope, "text");
  }
  const separator = JSON.stringify(random.pick(["-", "/", ".", ":", "="]));
  const choices: Make[] = [
    () => text(scope, 0, wide),
    () => text(scope, 0, wide),
    () => term("text", "`", random.pick(["", "x", "a-"]), "${", text(scope, depth - 1, true), "}-${", integer(scope, depth - 1, true), "}`"),
    () => term("text", `${random.pick(["beforeLast", "afterLast", "trimPrefix", "trimSuffix"])}(`, text(scope, depth - 1), `, ${separator})`),
    () => term("text", "show(", text(scope, depth - 1), ")"),
    () => term("text", listOf(scope, "text[]", depth - 1), `.join(${JSON.stringify(random.pick([", ", "", "-"]))})`),
    () => joinedNumbers(scope, depth),
    () => term("text", "(", listOf(scope, "text[]", depth - 1), "[", integer(scope, depth - 1), "] ?? ", text(scope, depth - 1), ")"),
    ...(wide ? [] : [(): Term => term("text", "(", boolean(scope, depth - 1), " ? ", text(scope, depth - 1), " : ", text(scope, depth - 1), ")")]),
    ...call(scope, "text", depth),
  ];
  return random.pick(choices)();
}

function joinedNumbers(scope: Scope, depth: number): Term {
  const number = scope.fresh("n");
  return term("text", listOf(scope, "integer[]", depth - 1), `.map((${number}) => \`\${${number}}\`).join(${JSON.stringify(scope.random.pick([", ", "", "-"]))})`);
}

export function listOf(scope: Scope, type: string, depth: number): Term {
  const { random } = scope;
  if (depth <= 0) return leaf(scope, type);
  const mapped = (): Term => {
    const { list, element, own } = loopList(scope, depth - 1);
    return term(type, list, ".map(", ...arrow(scope, element, own, (inner) => (type === "integer[]" ? integer(inner, depth - 1, true) : text(inner, depth - 1, true))), ")");
  };
  const choices: Make[] = [
    () => leaf(scope, type),
    () => leaf(scope, type),
    mapped,
    mapped,
    () => filtered(scope, leaf(scope, type), type, false, depth),
    () => term(type, "[...", listOf(scope, type, depth - 1), ", ...", listOf(scope, type, depth - 1), "]"),
    () => term(type, "(", boolean(scope, depth - 1), " ? ", listOf(scope, type, depth - 1), " : ", listOf(scope, type, depth - 1), ")"),
    ...(type === "text[]" ? [(): Term => term(type, text(scope, depth - 1, true), `.split(${JSON.stringify(random.pick([",", "-", "=", ", ", ":"]))})`)] : []),
  ];
  return random.pick(choices)();
}

/** A value of a plain type, or a list of them. */
export function value(scope: Scope, type: string, depth: number, wide = false): Term {
  if (type === "boolean") return boolean(scope, depth);
  if (type === "integer") return integer(scope, depth, wide);
  return elementOf(type) === undefined ? text(scope, depth, wide) : listOf(scope, type, depth);
}
