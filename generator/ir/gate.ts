/**
 * What an object must be like for a rule to find anything in it, as far as single values tell that can be read from the object
 * as it stands. Most objects are of no concern to a rule; with this looked at first, nothing of the view is built for them.
 */
import type { Field, FieldPath } from "../../policies/kit/fields.js";
import { rootsOf, viewTable, type RecordName } from "../../policies/kit/view.js";
import { and } from "./build.js";
import { assertNever, type CompareOperator, type Expr, type Function, type NormalProgram, type Step } from "./ir.js";

/** A part of the object: the object under review, its pod template, or what a loop is at. */
export type Raw = "object" | "template" | Loop;

/** Some element of a list, which is at one of `paths` below `of`. */
export interface Loop {
  readonly name: string;
  readonly of: Raw;
  readonly paths: readonly FieldPath[];
}

/** A value that is there and not null, compared with a literal; `negated`: one that is not there, is null or compares otherwise. */
export interface Test {
  readonly raw: Raw;
  /** Empty: the element itself. */
  readonly path: FieldPath;
  /** `longer`: a list with more elements than `value`. */
  readonly operator: "==" | ">" | ">=" | "startsWith" | "endsWith" | "includes" | "longer";
  /** Of a truth value: true. */
  readonly value: string | number | true;
  readonly negated: boolean;
}

/** Holds where the loops have elements for which all tests hold; outer loops first. */
export interface Clause {
  readonly loops: readonly Loop[];
  readonly tests: readonly Test[];
}

export interface Gate {
  /** One of these holds for every object in which the rule finds something. */
  readonly clauses: readonly Clause[];
  /** What of the rule's `applies` is not said by the clauses. */
  readonly applies?: Expr;
}

/** `isExact`: the clauses say all of it; else they hold more often. */
interface Said {
  readonly clauses: readonly Clause[];
  readonly isExact: boolean;
}

const never: Said = { clauses: [], isExact: true };
const always: Said = { clauses: [{ loops: [], tests: [] }], isExact: true };
/** What single values do not tell. */
const unknown: Said = { ...always, isExact: false };
/** Beyond so many, looking at them would be no quicker. */
const MAX_CLAUSES = 24;

/** @returns undefined where nothing can be told, or it would be told of most objects */
export function gateOf(program: NormalProgram): Gate | undefined {
  if (program.reviews !== "workloads") return undefined;
  const reader = new Reader(program.functions);
  if (program.applies === undefined) {
    // Long lists first: none of them is looked through.
    const said = either([...longLists(program, reader), reader.step(program.body, new Map())]);
    return isTelling(said) ? { clauses: shortened(said.clauses) } : undefined;
  }
  const told: Said[] = [];
  const rest: Expr[] = [];
  for (const condition of conjuncts(program.applies)) {
    const said = reader.truth(condition, new Map(), false);
    if (isTelling(said)) told.push(said);
    if (!said.isExact || !isTelling(said)) rest.push(condition);
  }
  if (told.length === 0) return undefined;
  const all = told.reduce(both);
  if (!isTelling(all)) return undefined;
  return { clauses: shortened(all.clauses), ...(rest.length === 0 ? {} : { applies: rest.reduceRight((right, left) => and(left, right)) }) };
}

/** The program with what is left of its `applies` beside the gate. */
export function withApplies({ applies: _, ...program }: NormalProgram, applies: Expr | undefined): NormalProgram {
  return applies === undefined ? program : { ...program, applies };
}

const conjuncts = (expr: Expr): Expr[] => (expr.kind === "logical" && expr.operator === "&&" ? [...conjuncts(expr.left), ...conjuncts(expr.right)] : [expr]);

/** Whether an object with nothing in it would not pass, and it can be said in short. */
const isTelling = ({ clauses }: Said): boolean => clauses.length <= MAX_CLAUSES && clauses.every(({ tests }) => tests.some(({ negated }) => !negated));

/**
 * An object with more in its lists than the rule reviews has a finding. No list of such an object is longer than its part of the
 * bound only if there are too many lists, which is told of the list that holds them.
 */
function longLists({ bounds }: NormalProgram, reader: Reader): Said[] {
  return bounds.map(({ reads: { record, field: name }, limit }): Said => {
    const field = viewTable[record as RecordName][name]; // names of the table
    const paths = field?.type === "records" ? field.paths : field?.type === "texts" ? [field.path] : [];
    if (paths.length === 0) throw new TypeError(`the bound on ${name} is on no list`);
    const longer = (raw: Raw, most: number): readonly Test[] => paths.map((path) => ({ raw, path, operator: "longer", value: most, negated: false }));
    if (record === "Pod") return { clauses: longer("template", Math.floor(limit / paths.length)).map((test) => ({ loops: [], tests: [test] })), isExact: false };
    const holders = bounds.find(({ reads }) => reads.record === "Pod" && reads.field === "containers");
    const container = reader.container();
    if (holders === undefined) return unknown;
    return { clauses: longer(container, Math.floor(limit / holders.limit)).map((test) => ({ loops: [container], tests: [test] })), isExact: false };
  });
}

const isNever = ({ clauses, isExact }: Said): boolean => isExact && clauses.length === 0;

function either(parts: readonly Said[]): Said {
  const clauses = new Map(parts.flatMap((part) => part.clauses).map((clause) => [keyOf(clause), clause]));
  return { clauses: [...clauses.values()], isExact: parts.every(({ isExact }) => isExact) };
}

function both(one: Said, other: Said): Said {
  // Whatever the other side is.
  if (isNever(one) || isNever(other)) return never;
  const isExact = one.isExact && other.isExact;
  // Too many are of no use: what one side says is enough then, and no more than that is true.
  if (one.clauses.length * other.clauses.length > MAX_CLAUSES * MAX_CLAUSES) return { clauses: one.clauses, isExact: false };
  return { ...either(one.clauses.map((left) => ({ clauses: other.clauses.flatMap((right) => join(left, right)), isExact }))), isExact };
}

/** Both clauses in one; none where they exclude each other. */
function join(one: Clause, other: Clause): Clause[] {
  const tests = new Map([...one.tests, ...other.tests].map((test) => [testKey(test), test]));
  const isExcluded = [...tests.values()].some((test) => tests.has(testKey({ ...test, negated: !test.negated })));
  const loops = new Map([...one.loops, ...other.loops].map((loop) => [loop.name, loop]));
  return isExcluded ? [] : [{ loops: [...loops.values()], tests: [...tests.values()] }];
}

/** Without tests that the other clauses make needless: `a` or (not `a`, and `b`) is `a` or `b`. */
function shortened(clauses: readonly Clause[]): Clause[] {
  const placeKey = (loop: Loop): string => JSON.stringify([loop.name, loop.paths]);
  return clauses.map((clause): Clause => {
    const places = new Set(clause.loops.map(placeKey));
    const keys = new Set(clause.tests.map(testKey));
    const isNeedless = (test: Test): boolean => {
      const opposite = testKey({ ...test, negated: !test.negated });
      return clauses.some(({ loops, tests }) => loops.every((loop) => places.has(placeKey(loop))) && tests.some((each) => testKey(each) === opposite) && tests.every((each) => testKey(each) === opposite || keys.has(testKey(each))));
    };
    return { ...clause, tests: clause.tests.filter((test) => !test.negated || !isNeedless(test)) };
  });
}

const rawKey = (raw: Raw): string => (typeof raw === "string" ? raw : raw.name);
const testKey = ({ raw, path, operator, value, negated }: Test): string => JSON.stringify([rawKey(raw), path, operator, value, negated]);
const keyOf = ({ loops, tests }: Clause): string => JSON.stringify([loops.map(rawKey), tests.map(testKey).sort()]);

/** What a local stands for: a record or text of the object, or an expression where it was bound. */
type Meaning = { readonly raw: Raw; readonly source?: string } | { readonly expr: Expr; readonly locals: Locals };
type Locals = ReadonlyMap<string, Meaning>;

/** A value as far as it is known: a literal, or a field of the object. */
type Value = { readonly literal: string | number | boolean } | { readonly raw: Raw; readonly field?: Field<unknown> };

class Reader {
  readonly #functions: ReadonlyMap<string, Function<Expr>>;
  #names = new Map<string, number>();
  #container: Loop | undefined;

  constructor(functions: readonly Function<Expr>[]) {
    this.#functions = new Map(functions.map((each) => [each.name, each]));
  }

  /** Any container of the Pod. */
  container(): Loop {
    const field = viewTable.Pod["containers"];
    this.#container ??= { name: this.#fresh("container"), of: "template", paths: field?.type === "records" ? field.paths : [] };
    return this.#container;
  }

  /** When a step finds something. */
  step(step: Step, locals: Locals): Said {
    switch (step.kind) {
      case "yield":
        return always;
      case "seq":
        return either(step.steps.map((each) => this.step(each, locals)));
      case "let":
        return this.step(step.body, new Map(locals).set(step.name, { expr: step.value, locals }));
      case "if":
        return either([both(this.truth(step.condition, locals, false), this.step(step.then, locals)), both(this.truth(step.condition, locals, true), this.step(step.otherwise, locals))]);
      case "each":
        return this.#some(step.list, step.item, locals, (inner) => this.step(step.body, inner));
      default:
        return assertNever(step);
    }
  }

  /** When a condition is true (or, `negated`, false). */
  truth(expr: Expr, locals: Locals, negated: boolean): Said {
    switch (expr.kind) {
      case "boolean":
        return expr.value === negated ? never : always;
      case "not":
        return this.truth(expr.operand, locals, !negated);
      case "logical": {
        const [left, right] = [this.truth(expr.left, locals, negated), this.truth(expr.right, locals, negated)];
        return (expr.operator === "&&") === negated ? either([left, right]) : both(left, right);
      }
      case "quantifier":
        if ((expr.quantifier === "some") === negated) return unknown;
        return this.#some(expr.list, expr.item, locals, (inner) => this.truth(expr.condition, inner, negated));
      case "compare":
        return this.#compare(negated ? inverse[expr.operator] : expr.operator, expr.left, expr.right, locals);
      case "textPredicate":
        return this.#values(expr.text, locals, (text) => this.#values(expr.part, locals, (part) => textTest(expr.predicate, text, part, negated)));
      default:
        return this.#values(expr, locals, (value) => compareValues(negated ? "!=" : "==", value, { literal: true }));
    }
  }

  #compare(operator: CompareOperator, left: Expr, right: Expr, locals: Locals): Said {
    return this.#values(left, locals, (one) =>
      this.#values(right, locals, (other) => ("literal" in one && !("literal" in other) ? compareValues(turned[operator], other, one) : compareValues(operator, one, other))),
    );
  }

  /** What `then` says of each value that `expr` may have, with when it has it. */
  #values(expr: Expr, locals: Locals, then: (value: Value) => Said): Said {
    switch (expr.kind) {
      case "boolean":
      case "integer":
      case "text":
        return then({ literal: expr.value });
      case "conditional":
        return either([
          both(this.truth(expr.condition, locals, false), this.#values(expr.then, locals, then)),
          both(this.truth(expr.condition, locals, true), this.#values(expr.otherwise, locals, then)),
        ]);
      case "local": {
        const meaning = locals.get(expr.name);
        if (meaning === undefined) return unknown;
        return "raw" in meaning ? then({ raw: meaning.raw }) : this.#values(meaning.expr, meaning.locals, then);
      }
      case "let":
        return this.#values(expr.body, new Map(locals).set(expr.name, { expr: expr.value, locals }), then);
      case "call": {
        const helper = this.#functions.get(expr.name);
        if (helper === undefined) return unknown;
        if (expr.type.kind === "boolean") return this.#inlined(helper, expr.args, locals, (inner) => this.#truthAsValue(helper.body, inner, then));
        return this.#inlined(helper, expr.args, locals, (inner) => this.#values(helper.body, inner, then));
      }
      case "field": {
        const record = this.#recordOf(expr.record, locals);
        if (record === undefined || expr.record.type.kind !== "record") return unknown;
        const field = viewTable[expr.record.type.name as RecordName][expr.name]; // a raw record is one of the table
        if (field?.type === "source") return record.source === undefined ? unknown : then({ literal: record.source });
        return field === undefined ? unknown : then({ raw: record.raw, field });
      }
      case "logical":
      case "not":
      case "compare":
      case "quantifier":
      case "textPredicate":
        return this.#truthAsValue(expr, locals, then);
      default:
        return unknown;
    }
  }

  #truthAsValue(expr: Expr, locals: Locals, then: (value: Value) => Said): Said {
    return either([both(this.truth(expr, locals, false), then({ literal: true })), both(this.truth(expr, locals, true), then({ literal: false }))]);
  }

  #inlined(helper: Function<Expr>, args: readonly Expr[], locals: Locals, body: (locals: Locals) => Said): Said {
    const given = helper.parameters.flatMap(({ name }, position): [string, Meaning][] => {
      const expr = args[position];
      return expr === undefined ? [] : [[name, { expr, locals }]];
    });
    return body(new Map(given));
  }

  /** The part of the object that a record of the view is read from. */
  #recordOf(expr: Expr, locals: Locals): { readonly raw: Raw; readonly source?: string } | undefined {
    if (expr.kind === "root") {
      const root = Object.entries(rootsOf.workloads).find(([name]) => name === expr.name)?.[1];
      if (root?.from !== "object" || root.record === undefined) return undefined;
      return { raw: root.record === "Pod" ? "template" : "object" };
    }
    const meaning = expr.kind === "local" ? locals.get(expr.name) : undefined;
    if (meaning === undefined) return undefined;
    return "raw" in meaning ? meaning : this.#recordOf(meaning.expr, meaning.locals);
  }

  #some(list: Expr, item: string, locals: Locals, body: (locals: Locals) => Said): Said {
    if (list.kind === "filter" && list.index === undefined) {
      return this.#some(list.list, item, locals, (inner) => {
        const element = inner.get(item);
        return both(element === undefined ? unknown : this.truth(list.condition, new Map(inner).set(list.item, element), false), body(inner));
      });
    }
    const record = list.kind === "field" ? this.#recordOf(list.record, locals) : undefined;
    if (list.kind !== "field" || record === undefined || list.record.type.kind !== "record") return unknown;
    const field = viewTable[list.record.type.name as RecordName][list.name]; // a raw record is one of the table
    if (field?.type === "texts") return this.#within({ name: this.#fresh(item), of: record.raw, paths: [field.path] }, item, locals, body);
    if (field?.type !== "records" || field.single === true) return unknown;
    const hasSource = Object.hasOwn(viewTable[field.record as RecordName], "source"); // a name of the table
    if (!hasSource) return this.#within({ name: this.#fresh(item), of: record.raw, paths: field.paths }, item, locals, body);
    return this.#bySource(field.paths, { of: record.raw, item, name: this.#fresh(item) }, locals, body);
  }

  #within(loop: Loop, item: string, locals: Locals, body: (locals: Locals) => Said, source?: string): Said {
    const inside = body(new Map(locals).set(item, { raw: loop, ...(source === undefined ? {} : { source }) }));
    return { clauses: inside.clauses.map((clause) => withLoop(loop, clause)), isExact: inside.isExact };
  }

  /** A record that knows its list: what is asked of the list is decided here, and lists of which the same is said become one loop. */
  #bySource(paths: readonly FieldPath[], { of, item, name }: { readonly of: Raw; readonly item: string; readonly name: string }, locals: Locals, body: (locals: Locals) => Said): Said {
    const before = this.#names;
    const after = new Map(before);
    const found = paths.map((path) => {
      // The same names each time, so that the same is told by them.
      this.#names = new Map(before);
      const said = this.#within({ name, of, paths: [path] }, item, locals, body, path[path.length - 1]);
      for (const [key, count] of this.#names) after.set(key, Math.max(count, after.get(key) ?? 0));
      return { path, said };
    });
    this.#names = after;
    const paired = new Map<string, { readonly clause: Clause; readonly paths: FieldPath[] }>();
    for (const { path, said } of found) {
      for (const clause of said.clauses) {
        const same = paired.get(keyOf(clause));
        if (same === undefined) paired.set(keyOf(clause), { clause, paths: [path] });
        else same.paths.push(path);
      }
    }
    const loops = new Map<string, Loop>();
    const clauses = [...paired.values()].map(({ clause, paths: lists }) => {
      const key = JSON.stringify(lists);
      const loop = loops.get(key) ?? { name, of, paths: lists };
      loops.set(key, loop);
      return renamed(clause, name, loop);
    });
    return { clauses, isExact: found.every(({ said }) => said.isExact) };
  }

  #fresh(wanted: string): string {
    const count = (this.#names.get(wanted) ?? 0) + 1;
    this.#names.set(wanted, count);
    return count === 1 ? wanted : `${wanted}_${String(count)}`;
  }
}

const withLoop = (loop: Loop, clause: Clause): Clause => ({ ...clause, loops: [loop, ...clause.loops.filter(({ name }) => name !== loop.name)] });

/** The clause with `loop` in place of the one of that name. */
function renamed(clause: Clause, name: string, loop: Loop): Clause {
  const known = new Map<Loop, Loop>();
  const raw = (each: Raw): Raw => (typeof each === "string" ? each : of(each));
  const of = (each: Loop): Loop => {
    const done = known.get(each) ?? (each.name === name ? loop : { ...each, of: raw(each.of) });
    known.set(each, done);
    return done;
  };
  return { loops: clause.loops.map(of), tests: clause.tests.map((test) => ({ ...test, raw: raw(test.raw) })) };
}

const inverse: Readonly<Record<CompareOperator, CompareOperator>> = { "==": "!=", "!=": "==", "<": ">=", ">=": "<", ">": "<=", "<=": ">" };
const turned: Readonly<Record<CompareOperator, CompareOperator>> = { "==": "==", "!=": "!=", "<": ">", ">=": "<=", ">": "<", "<=": ">=" };

const said = (test: Test): Said => ({ clauses: [{ loops: [], tests: [test] }], isExact: true });

/** A value compared with a literal. Only what means the same for null as for absence is told, in every engine. */
function compareValues(operator: CompareOperator, value: Value, other: Value): Said {
  if (!("literal" in other)) return unknown;
  const { literal } = other;
  if ("literal" in value) return holds(operator, value.literal, literal) ? always : never;
  if (value.field === undefined) return unknown;
  const { raw, field } = value;
  switch (field.type) {
    case "boolean":
      if (field.default || typeof literal !== "boolean" || (operator !== "==" && operator !== "!=")) return unknown;
      return said({ raw, path: field.path, operator: "==", value: true, negated: (operator === "==") !== literal });
    case "text":
      if (literal === "" || literal === field.default || (operator !== "==" && operator !== "!=")) return unknown;
      if (typeof literal !== "string") return unknown;
      return said({ raw, path: field.path, operator: "==", value: literal, negated: operator === "!=" });
    case "integer": {
      if (typeof literal !== "number") return unknown;
      const isDefault = holds(operator, field.default, literal);
      const what = isDefault ? inverse[operator] : operator;
      return what === "==" || what === ">" || what === ">=" ? said({ raw, path: field.path, operator: what, value: literal, negated: isDefault }) : unknown;
    }
    default:
      return unknown;
  }
}

function textTest(predicate: "startsWith" | "endsWith" | "includes", text: Value, part: Value, negated: boolean): Said {
  if (!("literal" in part) || typeof part.literal !== "string" || part.literal === "" || "literal" in text) return unknown;
  // A text that is an element of a list, or one that stands for nothing where it is absent.
  if (text.field === undefined) return said({ raw: text.raw, path: [], operator: predicate, value: part.literal, negated });
  if (text.field.type !== "text" || text.field.default !== "") return unknown;
  return said({ raw: text.raw, path: text.field.path, operator: predicate, value: part.literal, negated });
}

function holds(operator: CompareOperator, left: string | number | boolean, right: string | number | boolean): boolean {
  switch (operator) {
    case "==":
      return left === right;
    case "!=":
      return left !== right;
    case "<":
      return left < right;
    case "<=":
      return left <= right;
    case ">":
      return left > right;
    case ">=":
      return left >= right;
  }
}
