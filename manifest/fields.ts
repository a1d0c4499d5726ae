/** Fields that are nearly those that rules read: the API server does not know them, and the rules would pass them over. */
import type { Field, FieldPath } from "../policies/kit/fields.js";
import { rootsOf, viewTable } from "../policies/kit/view.js";
import { isMapping } from "./mapping.js";
import { joinPath } from "./path.js";
import { isImpossible, otherSpelling, shown, slipOf } from "./spelling.js";
import type { TypeProblem } from "./validate.js";

/** A mapping of the API, as far as rules read it. */
interface Shape {
  readonly fields: Map<string, Shape>;
  /** Its names are not those of fields: labels, resources. */
  isMap: boolean;
  /** What has been found of names that are not among the fields. */
  readonly verdicts: Map<string, Verdict>;
}

/** What is wrong with a name. */
interface Verdict {
  /** What to do about it; undefined where the API may well have such a field. */
  readonly advice?: string;
  /** A field that, if it is there as well, shows that the name is no slip of it. */
  readonly unless?: string;
}

const newShape = (): Shape => ({ fields: new Map(), isMap: false, verdicts: new Map() });
/** Names that nothing but a Pod's spec has: hostNetwork, hostPID, hostIPC. */
const ofPods = new Set(Object.values(viewTable.Pod).flatMap((field) => (field.type === "boolean" ? [field.path.at(-1)] : [])));
const BESIDE = "; it belongs beside containers";
/** How people call what they keep in an object only to use it elsewhere by an alias. */
const ANCHORED = /^(?:x-|[._])/;
/** Deeper than any document may nest. */
const MAX_SEARCH = 500;
/** More names than any file has that is not made to fill the memory. */
const MAX_VERDICTS = 1000;

const shapes = new Map<string, Shape>();

/** The names in a workload that are nearly those of fields, each with the field that is meant. */
export function misspelt(object: unknown, template: FieldPath): TypeProblem[] {
  const problems: TypeProblem[] = [];
  const key = template.join(".");
  const shape = shapes.get(key) ?? shapeOf(template);
  shapes.set(key, shape);
  look(object, shape, "", problems);
  return problems;
}

function shapeOf(template: FieldPath): Shape {
  const root = newShape();
  for (const { record, from } of Object.values(rootsOf.workloads)) {
    if (record === undefined || from !== "object") continue;
    for (const field of Object.values(viewTable[record])) addField(root, record === "Pod" ? template : [], field);
  }
  for (const name of ["apiVersion", "kind", "metadata", "spec"]) at(root, [name]);
  return root;
}

function addField(shape: Shape, prefix: FieldPath, field: Field<unknown>): void {
  switch (field.type) {
    case "source":
    case "view":
    case "listed":
      return;
    case "map":
    case "quantities":
      at(shape, [...prefix, ...field.path]).isMap = true;
      return;
    case "records":
      for (const path of field.paths) {
        const below = at(shape, [...prefix, ...path]);
        const fields = Object.entries(viewTable).find(([name]) => name === field.record)?.[1] ?? {};
        for (const inner of Object.values(fields)) addField(below, [], inner);
      }
      return;
    default:
      at(shape, [...prefix, ...field.path]);
  }
}

function at(shape: Shape, path: FieldPath): Shape {
  let current = shape;
  for (const name of path) {
    const next = current.fields.get(name) ?? newShape();
    current.fields.set(name, next);
    current = next;
  }
  return current;
}

function look(value: unknown, shape: Shape, path: string, problems: TypeProblem[]): void {
  if (shape.isMap || shape.fields.size === 0) return;
  if (Array.isArray(value)) {
    for (const [index, element] of value.entries()) look(element, shape, joinPath(path, index), problems);
    return;
  }
  if (!isMapping(value)) return;
  for (const name in value) {
    const known = shape.fields.get(name);
    if (known !== undefined) {
      const below = value[name];
      if (below !== null && typeof below === "object" && known.fields.size > 0) look(below, known, joinPath(path, name), problems);
      continue;
    }
    const { advice, unless } = verdictOf(name, shape);
    if (advice !== undefined && (unless === undefined || !Object.hasOwn(value, unless))) problems.push(noField(path, name, advice));
    else if (!ANCHORED.test(name)) {
      const buried = findBuried(value[name], joinPath(path, name), MAX_SEARCH);
      if (buried !== undefined) problems.push(noField(buried.path, buried.name, BESIDE));
    }
  }
}

const noField = (path: string, name: string, advice: string): TypeProblem => ({ path: joinPath(path, name), message: `${path === "" ? "the object" : path} has no field ${shown(name)}${advice}` });

function verdictOf(name: string, shape: Shape): Verdict {
  const known = shape.verdicts.get(name);
  if (known !== undefined) return known;
  const verdict = judge(name, shape);
  if (shape.verdicts.size < MAX_VERDICTS) shape.verdicts.set(name, verdict);
  return verdict;
}

function judge(name: string, shape: Shape): Verdict {
  if (name.startsWith("$")) return {}; // directives of patches, which never reach the API server
  if (ofPods.has(name)) return { advice: BESIDE };
  const written = otherSpelling(name, shape.fields.keys());
  if (written !== undefined) return { advice: `; write ${written}` };
  const slip = slipOf(name, shape.fields.keys());
  if (slip !== undefined) return { advice: `; write ${slip}`, unless: slip };
  return isImpossible(name) ? { advice: "" } : {};
}

/** A field of Pods that lies in what no rule reads: it was put there by mistake. */
function findBuried(value: unknown, path: string, levels: number): { readonly path: string; readonly name: string } | undefined {
  if (value === null || typeof value !== "object" || levels === 0) return undefined;
  for (const [name, child] of Object.entries(value)) {
    if (ofPods.has(name)) return { path, name };
    const found = child !== null && typeof child === "object" ? findBuried(child, joinPath(path, Array.isArray(value) ? Number(name) : name), levels - 1) : undefined;
    if (found !== undefined) return found;
  }
  return undefined;
}
