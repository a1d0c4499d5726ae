/**
 * Functions that a rule may call and that are not compiled from their source: each has a meaning in
 * JavaScript (here), in Rego and in CEL (generator/intrinsics.ts, side by side). All are total.
 */

import type { Unordered } from "./fields.js";

/** How many characters (code points) of a text of the user's a message shows. */
export const SHOWN_CHARACTERS = 100;

/**
 * Makes a text of the user's fit for a message: control characters become spaces, and what is longer
 * than 100 characters is cut and ends with "...".
 */
export function show(value: string): string {
  const characters = [...value];
  const shown = characters.length > SHOWN_CHARACTERS ? `${characters.slice(0, SHOWN_CHARACTERS).join("")}...` : value;
  // eslint-disable-next-line no-control-regex -- control characters are what it is about
  return shown.replace(/[\x00-\x1f\x7f]/g, " ");
}

/** The whole number that `value` spells in one to nine decimal digits; otherwise `fallback`. */
export function toInteger(value: string, fallback: number): number {
  return /^[0-9]{1,9}$/.test(value) ? Number.parseInt(value, 10) : fallback;
}

/** What stands in `value` before the last `separator`; all of it where there is none. */
export function beforeLast(value: string, separator: string): string {
  const at = value.lastIndexOf(separator);
  return at === -1 ? value : value.slice(0, at);
}

/** What stands in `value` behind the last `separator`; all of it where there is none. */
export function afterLast(value: string, separator: string): string {
  const at = value.lastIndexOf(separator);
  return at === -1 ? value : value.slice(at + separator.length);
}

/** `value` without `prefix` in front, where it has it. */
export function trimPrefix(value: string, prefix: string): string {
  return value.startsWith(prefix) ? value.slice(prefix.length) : value;
}

/** `value` without `suffix` at its end, where it has it. */
export function trimSuffix(value: string, suffix: string): string {
  return value.endsWith(suffix) ? value.slice(0, value.length - suffix.length) : value;
}

/** The sum of whole numbers; 0 for none. */
export function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

/** One entry of a map. */
export interface Entry {
  readonly key: string;
  readonly value: string;
}

/** The entries of a map such as labels, to compare it with another one. They have no order. */
export function entriesOf(map: Readonly<Record<string, string>>): Unordered<Entry> {
  return Object.entries(map).map(([key, value]) => ({ key, value }));
}
