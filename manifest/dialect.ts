/**
 * What a plain YAML scalar means to a Kubernetes client: sigs.k8s.io/yaml, that is go-yaml v2 (resolve.go).
 * js-yaml's own schemas read `yes` as a text (YAML 1.2) or `12:30` as 750 (YAML 1.1); go-yaml does neither.
 */
import { boolYaml11Tag, CORE_SCHEMA, defineScalarTag, mergeTag, NOT_RESOLVED, nullCoreTag, YAMLException, type Schema } from "js-yaml";

const SIGNS_AND_DIGITS = ["-", "+", "0", "1", "2", "3", "4", "5", "6", "7", "8", "9"];
const INTEGER = /^([-+]?)(?:0[xX]([0-9a-fA-F]+)|0[bB]([01]+)|0[oO]?([0-7]+)|(0|[1-9][0-9]*))$/;
const FLOAT = /^[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?$/;
/** Only a number that starts with the point must have its underscores between digits. */
const UNDERSCORE_MISPLACED = /^\.(?:.*__|_|.*_(?![0-9])|.*(?<![0-9])_)/;
const NOT_FINITE = /^(?:[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN))$/;
/** go-yaml reads prefixed integers into 64 bits; what is longer stays a text. */
const MAX_PREFIXED = 2 ** 64;

function resolveInteger(source: string): number | typeof NOT_RESOLVED {
  const match = INTEGER.exec(source.replaceAll("_", ""));
  if (match === null) return NOT_RESOLVED;
  const [, sign, hexadecimal, binary, octal, decimal] = match;
  const size =
    hexadecimal !== undefined ? parseInt(hexadecimal, 16)
    : binary !== undefined ? parseInt(binary, 2)
    : octal !== undefined ? parseInt(octal, 8)
    : Number(decimal);
  if (decimal === undefined && size >= MAX_PREFIXED) return NOT_RESOLVED;
  if (!Number.isFinite(size)) return NOT_RESOLVED;
  return (sign === "-" ? -size : size) + 0; // -0 + 0 is 0: an integer has no negative zero
}

function resolveFloat(source: string): number | typeof NOT_RESOLVED {
  if (NOT_FINITE.test(source)) throw new YAMLException(`${source} is no value in JSON, and Kubernetes objects are JSON`);
  const plain = source.replaceAll("_", "");
  if (UNDERSCORE_MISPLACED.test(source) || !FLOAT.test(plain)) return NOT_RESOLVED;
  const value = Number(plain);
  return Number.isFinite(value) ? value : NOT_RESOLVED;
}

const neverDumped = { implicit: true, identify: (): boolean => false };

/** Octal `0644` and `0o644`, `0x1F`, `0b1` and `1_000`; no sexagesimal. */
const intTag = defineScalarTag("tag:yaml.org,2002:int", {
  ...neverDumped,
  implicitFirstChars: SIGNS_AND_DIGITS,
  resolve: resolveInteger,
});

const floatTag = defineScalarTag("tag:yaml.org,2002:float", {
  ...neverDumped,
  implicitFirstChars: [...SIGNS_AND_DIGITS, "."],
  resolve: resolveFloat,
});

/** Dates stay texts: the schema has no timestamp tag. */
export const KUBERNETES_SCHEMA: Schema = CORE_SCHEMA.withTags(boolYaml11Tag, intTag, floatTag, mergeTag);

/** How every null, boolean and number starts: `null`, `~`, `true`, `False`, `yes`, `no`, `on`, `off`, `-1`, `.5`. */
const NO_TEXT = /^(?:$|[-+.~0-9nNtTfFyYoO])/;

/** The value of a plain scalar without a tag. */
export function plainValue(source: string): unknown {
  if (!NO_TEXT.test(source)) return source; // nearly all keys: four schemas less to ask
  for (const tag of [nullCoreTag, boolYaml11Tag, intTag, floatTag]) {
    const value: unknown = tag.resolve(source, false, tag.tagName);
    if (value !== NOT_RESOLVED) return value;
  }
  return source;
}
