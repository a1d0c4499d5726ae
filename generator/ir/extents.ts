/**
 * How long lists and how large integers can get. CEL binds no position with an element, so a loop that asks for positions runs
 * over a prepared list of numbers, which must be as long as the longest list that is run over so. Of numbers see ranges.ts.
 */
import { viewTable, type RecordName } from "../../policies/kit/view.js";
import type { StructuralSchema } from "../compiled.js";
import { isObject } from "../schema/json.js";
import type { Fault } from "./check.js";
import { assertNever, isList, type Expr, type Function, type Iteration, type Json, type Step } from "./ir.js";
import type { Pruned } from "./prune.js";
import { computed, int32, isComparable, isExact, isPrintable, lengthsOf, summed, union, type Range } from "./ranges.js";
import { children } from "./walk.js";

/** A loop that asks for the positions of a list. */
export interface Counted {
  readonly iteration: Iteration;
  /** How many elements the list has at most; infinite where nothing bounds it. */
  readonly length: number;
}

/** How long the lists in a value are at most, and what its integers can be. */
interface Extent {
  /** The value's own length; 0 for what is no list. */
  readonly length: number;
  /** What the value itself can be; 0 for what is no integer. */
  readonly range: Range;
  readonly element: () => Extent;
  readonly field: (name: string) => Extent;
}

const zero: Range = { min: 0, max: 0 };
const flat: Extent = { length: 0, range: zero, element: () => flat, field: () => flat };
const numberOf = (range: Range): Extent => ({ length: 0, range, element: () => flat, field: () => flat });
const listOf = (length: number, element: () => Extent): Extent => ({ length, range: zero, element, field: () => flat });
const recordOf = (field: (name: string) => Extent): Extent => ({ length: 0, range: zero, element: () => flat, field });

function either(one: Extent, other: Extent): Extent {
  if (one === flat || other === flat) return one === flat ? other : one;
  return {
    length: Math.max(one.length, other.length),
    range: union(one.range, other.range),
    element: () => either(one.element(), other.element()),
    field: (name) => either(one.field(name), other.field(name)),
  };
}

const anyOf = (extents: readonly Extent[]): Extent => extents.reduce(either, flat);

/** How many elements a field of the view has at most. */
type Limit = (record: RecordName, field: string) => number;

interface Context {
  readonly functions: ReadonlyMap<string, Function<Expr>>;
  readonly constants: ReadonlyMap<string, Json>;
  readonly schema: StructuralSchema;
  readonly locals: ReadonlyMap<string, Extent>;
  readonly limit: Limit;
  readonly note: (counted: Counted) => void;
  /** Of arithmetic that the engines do not do alike. */
  readonly noteInexact: (place: number) => void;
  /** Of an integer in a text. */
  readonly noteShown: (range: Range) => void;
}

export interface Extents {
  /** Every loop that asks for positions, once for each way to it. */
  readonly counted: readonly Counted[];
  /** Where numbers get beyond what the engines compute alike: `place` of the arithmetic. */
  readonly inexact: readonly number[];
  /** Whether an integer that stands in a text can be beyond what Rego's `format_int` writes everywhere. */
  readonly showsLarge: boolean;
}

/** Every loop of a rule that asks for positions, once for each way to it. */
export const countedLists = (pruned: Pruned, schema: StructuralSchema): readonly Counted[] => extentsOf(pruned, schema).counted;

export function extentsOf({ program }: Pruned, schema: StructuralSchema): Extents {
  const found: Counted[] = [];
  const inexact = new Set<number>();
  let showsLarge = false;
  const unlimited: Limit = () => Infinity;
  const limited: Limit = (record, field) => program.bounds.find(({ reads }) => reads.record === record && reads.field === field)?.limit ?? Infinity;
  const context: Context = {
    functions: new Map(program.functions.map((each) => [each.name, each])),
    constants: new Map(program.constants.map(({ name, value }) => [name, value])),
    schema,
    locals: new Map(),
    limit: unlimited,
    note: (counted) => found.push(counted),
    noteInexact: (place) => inexact.add(place),
    noteShown: (range) => (showsLarge ||= !isPrintable(range)),
  };
  // These run before the bounds on the object's lists are looked at.
  for (const expr of [program.applies, program.exempt, ...program.bounds.map((bound) => bound.count)]) {
    if (expr !== undefined) extentOf(context, expr);
  }
  visitStep({ ...context, limit: limited }, program.body);
  return { counted: found, inexact: [...inexact], showsLarge };
}

export function inexactFaults(places: readonly number[]): Fault[] {
  return places.map((place) => ({
    kind: "position",
    place,
    message: "the number can get beyond 2^53, where engines count differently",
    help: "bound what it is made of, a parameter by `@minimum` and `@maximum`; a product may also stand right where it is compared with a smaller number",
  }));
}

/** The loops whose lists nothing bounds: no prepared list of numbers would be long enough. */
export function unboundedFaults(counted: readonly Counted[]): Fault[] {
  const iterations = new Map(counted.filter(({ length }) => length === Infinity).map(({ iteration }) => [iteration.place, iteration]));
  return [...iterations].map(([place, { index = "" }]) => ({
    kind: "position",
    place: place ?? -1,
    message: `\`${index}\` counts the elements of a list that nothing bounds`,
    help: "CEL counts to a fixed number only: leave the position out, or run in `check` over lists of the Pod, of the parameters or of tables",
  }));
}

function visitStep(context: Context, step: Step): void {
  switch (step.kind) {
    case "each":
      return visitStep(withElement(context, step).inner, step.body);
    case "let":
      return visitStep(withLocal(context, step.name, extentOf(context, step.value)), step.body);
    case "if":
      extentOf(context, step.condition);
      [step.then, step.otherwise].forEach((each) => visitStep(context, each));
      return;
    case "seq":
      step.steps.forEach((each) => visitStep(context, each));
      return;
    case "yield":
      extentOf(context, step.message);
      extentOf({ ...context, note: () => undefined }, step.location); // CEL says no places
      return;
    default:
      return assertNever(step);
  }
}

const withLocal = (context: Context, name: string, extent: Extent): Context => ({ ...context, locals: new Map(context.locals).set(name, extent) });

/** What the body of a loop sees, and the extent of the list. */
function withElement(context: Context, iteration: Iteration): { list: Extent; inner: Context } {
  const list = extentOf(context, iteration.list);
  const inner = withLocal(context, iteration.item, list.element());
  if (iteration.index === undefined) return { list, inner };
  context.note({ iteration, length: list.length });
  return { list, inner: withLocal(inner, iteration.index, numberOf(lengthsOf(list.length))) };
}

/** The extent of a value; notes the loops in it, each part looked at once. */
function extentOf(context: Context, expr: Expr): Extent {
  const of = (each: Expr): Extent => extentOf(context, each);
  switch (expr.kind) {
    case "integer":
      return numberOf({ min: expr.value, max: expr.value });
    case "length":
      return numberOf(lengthsOf(of(expr.list).length));
    case "arithmetic":
      return numberOf(exact(context, expr.place, computed(expr.operator, of(expr.left).range, of(expr.right).range)));
    case "compare": {
      const sides = [expr.left, expr.right].map((side) => ({ side, range: comparedRange(context, side) }));
      const isOneExact = sides.some(({ range }) => isExact(range));
      for (const { side, range } of sides) if (side.kind === "arithmetic" && !(isOneExact && isComparable(range))) exact(context, side.place, range);
      return flat;
    }
    case "template":
      for (const part of expr.parts) {
        const { range } = of(part);
        if (part.type.kind === "integer") context.noteShown(range);
      }
      return flat;
    case "intrinsic": {
      const args = expr.args.map(of);
      if (expr.name === "sum") return numberOf(exact(context, expr.place, summed(args[0]?.element().range ?? zero, args[0]?.length ?? 0)));
      return expr.name === "toInteger" ? numberOf(union({ min: 0, max: MOST_SPELLED }, args[1]?.range ?? zero)) : flat;
    }
    case "list": {
      const elements = expr.elements.map(of);
      return listOf(elements.length, () => anyOf(elements));
    }
    case "concat": {
      const lists = expr.lists.map(of);
      return listOf(lists.reduce((sum, { length }) => sum + length, 0), () => anyOf(lists.map((each) => each.element())));
    }
    case "record": {
      const fields = new Map(expr.fields.map(({ name, value }) => [name, of(value)]));
      return recordOf((name) => fields.get(name) ?? flat);
    }
    case "local":
      return context.locals.get(expr.name) ?? flat;
    case "root":
      // The bounds count the lists of `pod`.
      return expr.type.kind === "record" ? extentOfView(expr.type.name as RecordName, expr.name === "pod" ? context.limit : () => Infinity) : flat; // a name of the table
    case "parameter":
      return extentOfSchema(isObject(context.schema["properties"]) ? context.schema["properties"][expr.name] : undefined);
    case "constant":
      return extentOfData(context.constants.get(expr.name) ?? "");
    case "field":
      return of(expr.record).field(expr.name);
    case "optional":
      return either(of(expr.record).field(expr.name), of(expr.fallback));
    case "element": {
      const list = of(expr.list);
      of(expr.index);
      return either(list.element(), of(expr.fallback));
    }
    case "conditional":
      of(expr.condition);
      return either(of(expr.then), of(expr.otherwise));
    case "quantifier":
      extentOf(withElement(context, expr).inner, expr.condition);
      return flat;
    case "filter": {
      const { list, inner } = withElement(context, expr);
      extentOf(inner, expr.condition);
      return list;
    }
    case "map": {
      const { list, inner } = withElement(context, expr);
      const value = extentOf(inner, expr.value);
      return listOf(list.length, () => value);
    }
    case "split":
      [expr.text, expr.separator].forEach(of);
      return listOf(Infinity, () => flat);
    case "call": {
      const helper = context.functions.get(expr.name);
      const args = expr.args.map(of);
      const locals = new Map(helper?.parameters.map(({ name }, position) => [name, args[position] ?? flat]));
      return helper === undefined ? flat : extentOf({ ...context, locals }, helper.body);
    }
    case "let":
      return extentOf(withLocal(context, expr.name, of(expr.value)), expr.body);
    default:
      children(expr).forEach(of);
      return flat;
  }
}

/** What `toInteger` reads has nine digits. */
const MOST_SPELLED = 999_999_999;

/** The range, noted where engines would differ. What is made of such a number is not noted as well. */
function exact(context: Context, place: number | undefined, range: Range): Range {
  if (isExact(range)) return range;
  context.noteInexact(place ?? -1);
  return zero;
}

/** The range of a side of a comparison, which need not be exact if it is computed just there. */
function comparedRange(context: Context, expr: Expr): Range {
  if (expr.kind !== "arithmetic") return extentOf(context, expr).range;
  return computed(expr.operator, extentOf(context, expr.left).range, extentOf(context, expr.right).range);
}

function extentOfView(record: RecordName, limit: Limit): Extent {
  return recordOf((name) => {
    const field = viewTable[record][name];
    if (field?.type === "texts") return listOf(limit(record, name), () => flat);
    if (field?.type === "listed") return listOf(Infinity, () => extentOfView(field.record as RecordName, () => Infinity)); // a name of the table
    if (field?.type === "integer") return numberOf(union({ min: field.default, max: field.default }, field.range));
    if (field?.type === "view") return extentOfView(field.record as RecordName, limit); // a name of the table
    if (field?.type !== "records") return flat;
    return listOf(field.single === true ? field.paths.length : limit(record, name), () => extentOfView(field.record as RecordName, limit)); // a name of the table
  });
}

function extentOfSchema(schema: unknown): Extent {
  if (!isObject(schema)) return flat;
  const { type, maxItems, items, properties, minimum, maximum } = schema;
  if (Array.isArray(schema["enum"])) return anyOf(schema["enum"].map((value: unknown) => (typeof value === "number" ? numberOf({ min: value, max: value }) : flat)));
  if (type === "integer") return numberOf({ min: typeof minimum === "number" ? minimum : int32.min, max: typeof maximum === "number" ? maximum : int32.max });
  if (type === "array") return listOf(typeof maxItems === "number" ? maxItems : Infinity, () => extentOfSchema(items));
  return recordOf((name) => extentOfSchema(isObject(properties) ? properties[name] : undefined));
}

function extentOfData(value: Json): Extent {
  if (isList(value)) return listOf(value.length, () => anyOf(value.map(extentOfData)));
  if (typeof value === "number") return numberOf({ min: value, max: value });
  return typeof value === "object" ? recordOf((name) => extentOfData(value[name] ?? "")) : flat;
}
