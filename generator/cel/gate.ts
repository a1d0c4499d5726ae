import type { Clause, Gate, Loop, Raw, Test } from "../ir/gate.js";
import { binary, call, chain, ident, index, list, literal, method, not, optionalSelect, select, variable, type Cel } from "./ast.js";
import { freshName } from "./names.js";

interface Scope {
  /** What the loops are at. */
  readonly bound: ReadonlyMap<string, Cel>;
  readonly names: ReadonlySet<string>;
}

/** Holds where the rule may find something; reads the object itself. */
export function gateCel({ clauses }: Gate): Cel {
  return anyOf(clauses, { bound: new Map(), names: new Set() });
}

/** The clauses, those under one loop together. */
function anyOf(clauses: readonly Clause[], scope: Scope): Cel {
  const groups = new Map<string, { readonly tests: readonly Test[]; readonly loop: Loop | undefined; readonly inner: Clause[] }>();
  for (const { loops: [loop, ...loops], tests } of clauses) {
    const ready = tests.filter(({ raw }) => rawCel(raw, scope) !== undefined);
    const key = JSON.stringify([ready, loop?.name, loop?.paths]);
    const group = groups.get(key) ?? { tests: ready, loop, inner: [] };
    group.inner.push({ loops, tests: tests.filter((test) => !ready.includes(test)) });
    groups.set(key, group);
  }
  const parts: Cel[] = [];
  const texts = new Map<string, Test[]>();
  for (const { tests, loop, inner } of groups.values()) {
    const [test, ...others] = tests;
    if (loop === undefined && test?.operator === "includes" && !test.negated && others.length === 0) {
      const key = JSON.stringify([test.raw, test.path]);
      const same = texts.get(key);
      // Asked of one text, with others that are asked of it.
      if (same === undefined) texts.set(key, [test]);
      else same.push(test);
      continue;
    }
    const conditions = tests.map((each) => testCel(each, rawOf(each.raw, scope)));
    parts.push(chain("&&", loop === undefined ? conditions : [...conditions, someOf(loop, inner, scope)], literal(true)));
  }
  const included = [...texts.values()].flatMap((tests) => includesOne(tests, scope));
  return chain("||", [...included, ...parts], literal(false));
}

/** Whether a text holds one of several. */
function includesOne(tests: readonly Test[], scope: Scope): Cel[] {
  const [first] = tests;
  if (first === undefined) return [];
  const raw = rawOf(first.raw, scope);
  const one = chain("||", tests.map(({ value }) => method(select(raw, ...first.path), "contains", literal(value))), literal(false));
  return [chain("&&", [...isThere(raw, first.path), one], literal(true))];
}

const rawOf = (raw: Raw, scope: Scope): Cel => rawCel(raw, scope) ?? literal(null);

function rawCel(raw: Raw, { bound }: Scope): Cel | undefined {
  if (raw === "object") return ident("object");
  return raw === "template" ? index(variable("templates"), literal(0)) : bound.get(raw.name);
}

function someOf({ name, of, paths }: Loop, inner: readonly Clause[], scope: Scope): Cel {
  const raw = rawOf(of, scope);
  const exists = (elements: Cel, names: ReadonlySet<string>): Cel => {
    const item = freshName(name, names);
    return method(elements, "exists", ident(item), anyOf(inner, { bound: new Map(scope.bound).set(name, ident(item)), names: new Set(names).add(item) }));
  };
  const [path = [], ...others] = paths;
  if (others.length === 0) return chain("&&", [...isThere(raw, path), exists(select(raw, ...path), scope.names)], literal(true));
  const all = freshName(`${name}List`, scope.names);
  const lists = list(...paths.map((each) => method(optionalSelect(raw, ...each), "orValue", literal(null))));
  return method(lists, "exists", ident(all), binary("&&", binary("!=", ident(all), literal(null)), exists(ident(all), new Set(scope.names).add(all))));
}

function testCel({ path, operator, value, negated }: Test, raw: Cel): Cel {
  const read = select(raw, ...path);
  const holds = (): Cel => {
    switch (operator) {
      case "==":
        // Not compared: what is no truth value at all must be an error, not false.
        if (typeof value === "boolean") return chain("&&", [...isThere(raw, path), read], literal(true));
        return chain("&&", [...isThere(raw, path), binary("==", typeof value === "number" ? call("int", read) : read, literal(value))], literal(true));
      case ">":
      case ">=":
        return chain("&&", [...isThere(raw, path), binary(operator, call("int", read), literal(value))], literal(true));
      case "longer":
        return chain("&&", [...isThere(raw, path), binary(">", call("size", read), literal(value))], literal(true));
      case "startsWith":
      case "endsWith":
        return chain("&&", [...isThere(raw, path), method(read, operator, literal(value))], literal(true));
      case "includes":
        return chain("&&", [...isThere(raw, path), method(read, "contains", literal(value))], literal(true));
    }
  };
  return negated ? not(holds()) : holds();
}

/** The value at a path is there and not null. */
function isThere(raw: Cel, path: readonly string[]): Cel[] {
  const read = select(raw, ...path);
  if (path.length === 0) return [binary("!=", raw, literal(null))];
  if (path.length === 1) return [call("has", read), binary("!=", read, literal(null))];
  return [binary("!=", method(optionalSelect(raw, ...path), "orValue", literal(null)), literal(null))];
}
