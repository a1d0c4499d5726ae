import { viewTable, type RecordName } from "../../policies/kit/view.js";
import type { Reads } from "../../manifest/view.js";
import type { Constant, Expr, Function, Json, NormalProgram } from "./ir.js";
import { stepExprs, visitExpr } from "./walk.js";

/** A program with only what it uses, and what it uses of the view and the parameters. */
export interface Pruned {
  readonly program: NormalProgram;
  readonly reads: Reads;
  /** What of it is used before the bounds on the object's lists are looked at. */
  readonly earlyReads: Reads;
  /** Records of the view whose place some finding names. */
  readonly located: ReadonlySet<RecordName>;
  /** What the rule uses of the review. */
  readonly roots: ReadonlySet<string>;
  /** Top-level parameters that are used, in the order of their first use. */
  readonly parameters: readonly string[];
}

/** Drops functions, bounds and fields of constants that the rule does not use. */
export function prune(program: NormalProgram): Pruned {
  const byName = new Map(program.functions.map((each) => [each.name, each]));
  const early = [program.applies, program.exempt].filter((each) => each !== undefined);
  const main = early.concat(stepExprs(program.body));
  const reads = readsOf(main, byName);
  const bounds = program.bounds.filter(({ reads: { record, field } }) => (reads[record as RecordName] ?? []).includes(field)); // names of the table
  const roots = [...main, ...bounds.flatMap((bound) => [bound.count, bound.location])];
  const used = reach(roots, byName);
  const exprs = [...roots, ...[...used].map((helper) => helper.body)];
  const located = new Set<RecordName>();
  const parameters = new Set<string>();
  const constants = new Set<string>();
  const fields = new Set<string>();
  const startsFrom = new Set<string>();
  for (const expr of exprs) {
    visitExpr(expr, (each) => {
      if (each.kind === "path" && each.record.type.kind === "record") located.add(each.record.type.name as RecordName); // `at` takes records of the view only
      if (each.kind === "root") startsFrom.add(each.name);
      if (each.kind === "parameter") parameters.add(each.name);
      if (each.kind === "constant") constants.add(each.name);
      const isView = (each.kind === "field" || each.kind === "optional") && each.record.type.kind === "record" && each.record.type.isView;
      if ((each.kind === "field" || each.kind === "optional") && !isView) fields.add(each.name);
    });
  }
  return {
    program: {
      ...program,
      functions: program.functions.filter((helper) => used.has(helper)),
      constants: program.constants.filter(({ name }) => constants.has(name)).map(({ name, value }) => ({ name, value: keepFields(value, fields) })),
      bounds,
    },
    reads: readsOf(roots, byName),
    earlyReads: readsOf(early, byName),
    located,
    roots: startsFrom,
    parameters: [...parameters],
  };
}

/** The program without the functions that nothing calls. */
export function usedFunctions(program: NormalProgram): NormalProgram {
  const roots = [program.applies, program.exempt, ...program.bounds.flatMap((bound) => [bound.count, bound.location])].filter((each) => each !== undefined);
  const used = reach([...roots, ...stepExprs(program.body)], new Map(program.functions.map((each) => [each.name, each])));
  return { ...program, functions: program.functions.filter((helper) => used.has(helper)) };
}

/** What one expression without calls reads of the view, and the constants that it uses. */
export function uses(expr: Expr, constants: readonly Constant[]): { readonly reads: Reads; readonly constants: readonly Constant[] } {
  const names = new Set<string>();
  visitExpr(expr, (each) => {
    if (each.kind === "constant") names.add(each.name);
  });
  return { reads: readsOf([expr], new Map()), constants: constants.filter(({ name }) => names.has(name)) };
}

type Functions = ReadonlyMap<string, Function<Expr>>;

function reach(exprs: readonly Expr[], functions: Functions): Set<Function<Expr>> {
  const found = new Set<Function<Expr>>();
  const visit = (expr: Expr): void => {
    visitExpr(expr, (each) => {
      const helper = each.kind === "call" ? functions.get(each.name) : undefined;
      if (helper === undefined || found.has(helper)) return;
      found.add(helper);
      visit(helper.body);
    });
  };
  exprs.forEach(visit);
  return found;
}

/** The fields of the view that the expressions and the functions they call read; sorted. */
function readsOf(exprs: readonly Expr[], functions: Functions): Reads {
  const found = new Map<RecordName, Set<string>>();
  const add = (record: Expr, name: string): void => {
    if (record.type.kind !== "record" || !record.type.isView) return;
    const recordName = record.type.name as RecordName; // irType has looked it up in the table
    found.set(recordName, (found.get(recordName) ?? new Set()).add(name));
  };
  for (const expr of [...exprs, ...[...reach(exprs, functions)].map((helper) => helper.body)]) {
    visitExpr(expr, (each) => {
      if (each.kind === "field") add(each.record, each.name);
      // A place names the lists that it leads through.
      if (each.kind === "path" && each.record.type.kind === "record") {
        for (const record of withHolders(each.record.type.name)) {
          if (Object.hasOwn(viewTable[record], "source")) found.set(record, (found.get(record) ?? new Set()).add("source"));
        }
      }
    });
  }
  return Object.fromEntries([...found].sort(([a], [b]) => (a < b ? -1 : 1)).map(([record, names]) => [record, [...names].sort()]));
}

/** The record, the records that hold it, and so on. */
function withHolders(name: string): RecordName[] {
  const record = name as RecordName; // irType has looked it up in the table
  const holders = Object.entries(viewTable).filter(([, fields]) => Object.values(fields).some((field) => field.type === "records" && field.record === name));
  return [record, ...holders.flatMap(([holder]) => withHolders(holder))];
}

function keepFields(value: Json, fields: ReadonlySet<string>): Json {
  if (isJsonList(value)) return value.map((element) => keepFields(element, fields));
  if (typeof value !== "object") return value;
  return Object.fromEntries(Object.entries(value).filter(([name]) => fields.has(name)).map(([name, field]) => [name, keepFields(field, fields)]));
}

const isJsonList = (value: Json): value is readonly Json[] => Array.isArray(value);
