/**
 * How long lists can get. CEL binds no position with an element, so a loop that asks for positions runs over a prepared
 * list of numbers, which must be as long as the longest list that is run over so.
 */
import { viewTable, type RecordName } from "../../policies/kit/view.js";
import type { StructuralSchema } from "../compiled.js";
import { isObject } from "../schema/json.js";
import type { Fault } from "./check.js";
import { assertNever, isList, type Expr, type Function, type Iteration, type Json, type Step } from "./ir.js";
import type { Pruned } from "./prune.js";
import { children } from "./walk.js";

/** A loop that asks for the positions of a list. */
export interface Counted {
  readonly iteration: Iteration;
  /** How many elements the list has at most; infinite where nothing bounds it. */
  readonly length: number;
}

/** How long the lists in a value are at most. */
interface Extent {
  /** The value's own length; 0 for what is no list. */
  readonly length: number;
  readonly element: () => Extent;
  readonly field: (name: string) => Extent;
}

const flat: Extent = { length: 0, element: () => flat, field: () => flat };
const listOf = (length: number, element: () => Extent): Extent => ({ length, element, field: () => flat });
const recordOf = (field: (name: string) => Extent): Extent => ({ length: 0, element: () => flat, field });

function either(one: Extent, other: Extent): Extent {
  if (one === flat || other === flat) return one === flat ? other : one;
  return {
    length: Math.max(one.length, other.length),
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
}

/** Every loop of a rule that asks for positions, once for each way to it. */
export function countedLists({ program }: Pruned, schema: StructuralSchema): Counted[] {
  const found: Counted[] = [];
  const unlimited: Limit = () => Infinity;
  const limited: Limit = (record, field) => program.bounds.find(({ reads }) => reads.record === record && reads.field === field)?.limit ?? Infinity;
  const context: Context = {
    functions: new Map(program.functions.map((each) => [each.name, each])),
    constants: new Map(program.constants.map(({ name, value }) => [name, value])),
    schema,
    locals: new Map(),
    limit: unlimited,
    note: (counted) => found.push(counted),
  };
  // These run before the bounds on the object's lists are looked at.
  for (const expr of [program.applies, program.exempt, ...program.bounds.map((bound) => bound.count)]) {
    if (expr !== undefined) extentOf(context, expr);
  }
  visitStep({ ...context, limit: limited }, program.body);
  return found;
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
      extentOf(context, step.message); // CEL says no places
      return;
    default:
      return assertNever(step);
  }
}

const withLocal = (context: Context, name: string, extent: Extent): Context => ({ ...context, locals: new Map(context.locals).set(name, extent) });

/** What the body of a loop sees, and the extent of the list. */
function withElement(context: Context, iteration: Iteration): { list: Extent; inner: Context } {
  const list = extentOf(context, iteration.list);
  if (iteration.index !== undefined) context.note({ iteration, length: list.length });
  return { list, inner: withLocal(context, iteration.item, list.element()) };
}

/** The extent of a value; notes the loops in it, each part looked at once. */
function extentOf(context: Context, expr: Expr): Extent {
  const of = (each: Expr): Extent => extentOf(context, each);
  switch (expr.kind) {
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

function extentOfView(record: RecordName, limit: Limit): Extent {
  return recordOf((name) => {
    const field = viewTable[record][name];
    if (field?.type === "texts") return listOf(limit(record, name), () => flat);
    if (field?.type === "listed") return listOf(Infinity, () => extentOfView(field.record as RecordName, () => Infinity)); // a name of the table
    if (field?.type === "view") return extentOfView(field.record as RecordName, limit); // a name of the table
    if (field?.type !== "records") return flat;
    return listOf(field.single === true ? field.paths.length : limit(record, name), () => extentOfView(field.record as RecordName, limit)); // a name of the table
  });
}

function extentOfSchema(schema: unknown): Extent {
  if (!isObject(schema)) return flat;
  const { type, maxItems, items, properties } = schema;
  if (type === "array") return listOf(typeof maxItems === "number" ? maxItems : Infinity, () => extentOfSchema(items));
  return recordOf((name) => extentOfSchema(isObject(properties) ? properties[name] : undefined));
}

function extentOfData(value: Json): Extent {
  if (isList(value)) return listOf(value.length, () => anyOf(value.map(extentOfData)));
  return typeof value === "object" ? recordOf((name) => extentOfData(value[name] ?? "")) : flat;
}
