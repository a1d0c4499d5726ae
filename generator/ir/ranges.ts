/** How large integers can get: ranges, and what the engines make of numbers at their ends. */
import type { ArithmeticOperator } from "./ir.js";

/** From the least to the greatest value that an integer can have. */
export interface Range {
  readonly min: number;
  readonly max: number;
}

/** JavaScript and Kyverno's command line count in doubles: exact up to here only. */
const EXACT: Range = { min: Number.MIN_SAFE_INTEGER, max: Number.MAX_SAFE_INTEGER };
/** CEL counts in 64 bits, and fails beyond. The greatest doubles within. */
const COUNTED: Range = { min: -(2 ** 63), max: 2 ** 63 - 1024 };
/** What `format_int` prints in OPA's wasm: it fails beyond 32 bits, and writes the least of them with two signs. */
const PRINTED: Range = { min: 1 - 2 ** 31, max: 2 ** 31 - 1 };

const holds = (outer: Range, { min, max }: Range): boolean => outer.min <= min && max <= outer.max;
/** Whether all engines compute these numbers alike. */
export const isExact = (range: Range): boolean => holds(EXACT, range);
/** Whether they compare these numbers alike with one that is exact: rounding does not take a number past it. */
export const isComparable = (range: Range): boolean => holds(COUNTED, range);
/** Whether Rego's own builtin writes these numbers. */
export const isPrintable = (range: Range): boolean => holds(PRINTED, range);

export const int32: Range = { min: -(2 ** 31), max: 2 ** 31 - 1 };

/** Elements of a list that nothing bounds: no request of 3 MiB, nor etcd, holds more. */
const MOST_ELEMENTS = 2 ** 21;
export const lengthsOf = (most: number): Range => ({ min: 0, max: Math.min(most, MOST_ELEMENTS) });

export const union = (one: Range, other: Range): Range => ({ min: Math.min(one.min, other.min), max: Math.max(one.max, other.max) });

export function computed(operator: ArithmeticOperator, left: Range, right: Range): Range {
  if (operator === "+") return { min: left.min + right.min, max: left.max + right.max };
  if (operator === "-") return { min: left.min - right.max, max: left.max - right.min };
  const corners = [left.min * right.min, left.min * right.max, left.max * right.min, left.max * right.max];
  return { min: Math.min(...corners), max: Math.max(...corners) };
}

/** The sums of lists of up to so many numbers; of none it is 0. */
export function summed(element: Range, length: number): Range {
  const { max } = lengthsOf(length);
  return { min: Math.min(0, max * element.min), max: Math.max(0, max * element.max) };
}
