/**
 * Shorthand for long lists in case files: the list element
 * `{ $repeat: { times: 300, element: { containerPort: "$n+9000" } } }` stands for 300 elements. In the element,
 * a text that is `$n` or `$n+NUMBER` becomes a number, and `$n` inside a longer text its digits; $n counts from 0.
 */
import { isMapping } from "../../manifest/mapping.js";

interface Repeat {
  readonly times: number;
  readonly element: unknown;
}

/** `value` with every `$repeat` written out. */
export function expandRepeats(value: unknown): unknown {
  if (Array.isArray(value)) return value.flatMap(expandElement);
  return mapValues(value, expandRepeats);
}

function expandElement(element: unknown): unknown[] {
  const repeat = repeatOf(element);
  if (repeat === undefined) return [expandRepeats(element)];
  return Array.from({ length: repeat.times }, (_, n) => numbered(repeat.element, n));
}

function repeatOf(element: unknown): Repeat | undefined {
  if (!isMapping(element) || !("$repeat" in element)) return undefined;
  const repeat = element["$repeat"];
  if (!isMapping(repeat) || typeof repeat["times"] !== "number" || !("element" in repeat) || Object.keys(element).length > 1) {
    throw new Error("`$repeat` stands alone and takes `times` and `element`");
  }
  return { times: repeat["times"], element: repeat["element"] };
}

function numbered(value: unknown, n: number): unknown {
  if (typeof value === "string") {
    const digits = value.replace(/\$n(?:\+(\d+))?/g, (_, offset: string | undefined) => String(n + Number(offset ?? 0)));
    return /^\$n(?:\+\d+)?$/.test(value) ? Number(digits) : digits;
  }
  if (Array.isArray(value)) return value.map((element) => numbered(element, n));
  return mapValues(value, (entry) => numbered(entry, n));
}

function mapValues(value: unknown, change: (entry: unknown) => unknown): unknown {
  if (!isMapping(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, entry]) => [key, change(entry)]));
}
