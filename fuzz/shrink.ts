/** Makes a disagreement small: less program, then less of the request and the parameters, as long as it stays one. */
import { isDeepStrictEqual } from "node:util";
import { isMapping } from "../manifest/mapping.js";
import { isObject } from "../generator/schema/json.js";
import { compare, type Disagreement } from "./compare.js";
import { compileTexts, type Ready } from "./compile.js";
import type { Sample } from "./engines.js";
import { sourceOf } from "./program.js";
import { smaller, type Term } from "./term.js";

/** Rules are compiled together: most of the time goes into the first one. */
const TOGETHER = 24;

/**
 * @param tree of the rule, for a random one
 * @param until when to end, in milliseconds as of `Date.now()`
 */
export async function shrink(found: Disagreement, tree: Term | undefined, until: number): Promise<Disagreement> {
  const program = tree === undefined ? found : await shrinkProgram(found, tree, until);
  return shrinkSample(program, until);
}

async function shrinkProgram(found: Disagreement, tree: Term, until: number): Promise<Disagreement> {
  let best = found;
  for (let left = smaller(tree); left.length > 0 && Date.now() < until; ) {
    const chunk = left.slice(0, TOGETHER);
    left = left.slice(TOGETHER);
    const trees = new Map(chunk.map((each, index) => [`random-${String(index)}`, each]));
    const { ready } = compileTexts(new Map([...trees].map(([id, each]) => [id, sourceOf(each, id)])));
    for (const rule of ready) {
      const { disagreements } = await compare(found.engine, [{ rule, samples: [withoutUnknown(found.sample, rule)] }]);
      const smallerOne = disagreements.find((each) => isAlike(found, each));
      const next = trees.get(rule.compiled.meta.id);
      if (smallerOne === undefined || next === undefined) continue;
      best = smallerOne;
      left = smaller(next);
      break;
    }
  }
  return best;
}

/** A smaller rule has fewer parameters. */
function withoutUnknown({ request, given }: Sample, { compiled: { schema } }: Ready): Sample {
  const known = isObject(schema["properties"]) ? schema["properties"] : {};
  return { request, given: given === undefined ? undefined : Object.fromEntries(Object.entries(given).filter(([name]) => Object.hasOwn(known, name))) };
}

/** An engine that fails must go on failing for the same reason, one that answers go on answering. */
function isAlike(one: Disagreement, other: Disagreement): boolean {
  const sortOf = ({ got: [text = ""] }: Disagreement): string => (text.startsWith("(error)") ? text.replace(/[\d"`].*/s, "") : "");
  return sortOf(one) === sortOf(other);
}

async function shrinkSample(found: Disagreement, until: number): Promise<Disagreement> {
  let best = found;
  for (let left = smallerSamples(found.sample); left.length > 0 && Date.now() < until; ) {
    const chunk = left.slice(0, TOGETHER);
    left = left.slice(TOGETHER);
    const { disagreements } = await compare(found.engine, [{ rule: found.rule, samples: chunk }]);
    // A server may put a default in the place of what was left out.
    const smallerOne = disagreements.find((each) => isAlike(found, each) && !isDeepStrictEqual(each.sample, best.sample));
    if (smallerOne === undefined) continue;
    best = smallerOne;
    left = smallerSamples(best.sample);
  }
  return best;
}

function smallerSamples({ request, given }: Sample): Sample[] {
  const requests = smallerValues(request).flatMap((each): Sample[] => (isMapping(each) && isMapping(each["object"]) ? [{ request: { ...each, object: each["object"] }, given }] : []));
  const others = given === undefined ? [] : smallerValues(given).flatMap((each): Sample[] => (isObject(each) ? [{ request, given: each }] : []));
  return [...requests, ...others];
}

/** The value with one field or element less, anywhere in it; what loses most comes first. */
export function smallerValues(value: unknown): unknown[] {
  if (Array.isArray(value)) {
    const list: readonly unknown[] = value;
    return [...list.map((_, at) => list.toSpliced(at, 1)), ...list.flatMap((each, at) => smallerValues(each).map((less) => list.with(at, less)))];
  }
  if (typeof value === "string" && value.length > 1) return [value.slice(0, Math.floor(value.length / 2)), value.slice(1)];
  if (!isMapping(value)) return [];
  const fields = Object.entries(value);
  return [
    ...fields.map(([name]) => Object.fromEntries(fields.filter(([other]) => other !== name))),
    ...fields.flatMap(([name, each]) => (name === "apiVersion" || name === "kind" ? [] : smallerValues(each).map((less) => ({ ...value, [name]: less })))),
  ];
}
