/** The kinds of column that the view table (view.ts) is made of. */

import type { ObjectKind } from "./workload-kinds.js";

/** Where the value of a field lies below its record in the raw object: `["spec", "hostNetwork"]`. */
export type FieldPath = readonly string[];

/**
 * One field of a record of the view. `T` is its TypeScript type; it exists for the compiler of
 * TypeScript only (`type` is what the program reads).
 *
 * A value that is absent, null or, for a text, empty stands for `default`, as in the API server's own defaulting.
 */
export type Field<T> = { readonly [phantom]?: T } & (
  | { readonly type: "boolean"; readonly path: FieldPath; readonly default: boolean; readonly quiet?: true }
  | { readonly type: "integer"; readonly path: FieldPath; readonly default: number; readonly range: IntegerRange; readonly quiet?: true }
  | { readonly type: "text"; readonly path: FieldPath; readonly default: string; readonly quiet?: true }
  /** A whole number or a text (IntOrString: a port's number or name, a percentage), as text. */
  | { readonly type: "numberOrText"; readonly path: FieldPath; readonly default: string; readonly range: IntegerRange }
  /** A map from text to text, such as labels. Absent: no entries. */
  | { readonly type: "map"; readonly path: FieldPath }
  /** A map from the name of a resource to a quantity, which may be written as a number. Absent: no entries. */
  | { readonly type: "quantities"; readonly path: FieldPath }
  /** A list of texts. Absent: empty; a null element is the empty text. */
  | { readonly type: "texts"; readonly path: FieldPath; readonly limit?: LimitName }
  /**
   * A list of records: the lists at `paths`, one after the other; with `single`, what is there of the single objects
   * at `paths`. Absent: empty; a null element is a record of defaults.
   */
  | { readonly type: "records"; readonly record: string; readonly paths: readonly FieldPath[]; readonly limit?: LimitName; readonly single?: true }
  /** The name of the raw list that the record came from: the last segment of one of its parent's `paths`. */
  | { readonly type: "source" }
  /** The object itself, read as another record of the table: a `Pod` is read from the object's pod template. */
  | { readonly type: "view"; readonly record: string }
  /** The objects of the cluster of these kinds, as records. What does not know the cluster finds none. */
  | { readonly type: "listed"; readonly record: string; readonly kinds: readonly ObjectKind[] }
);

/** The least and the greatest number that the API server takes. */
export interface IntegerRange {
  readonly min: number;
  readonly max: number;
}

/** What a port can be where it is written. */
export const portNumbers: IntegerRange = { min: 1, max: 65_535 };
/** A hostPort of 0 is none. */
export const portNumbersOrNone: IntegerRange = { min: 0, max: 65_535 };
/** How many of something, in 32 bits. */
export const counts: IntegerRange = { min: 0, max: 2 ** 31 - 1 };

declare const phantom: unique symbol;

/** A list of the object whose length is bounded; the bound counts the elements of the whole Pod. */
export type LimitName = "containers" | "ports" | "env" | "arguments" | "volumes" | "volumeMounts";

/** Bounds on the lists of one object: number of elements in the whole Pod. */
export type Limits = Readonly<Record<LimitName, number>>;

/**
 * A list without an order: maps have none, nor have the objects of a cluster, and engines show them in different ones.
 * So there is no index and no position, and nothing that would join its elements. Any array will do.
 */
export interface Unordered<T> extends Iterable<T> {
  readonly length: number;
  some(condition: (value: T) => boolean): boolean;
  every(condition: (value: T) => boolean): boolean;
  filter(condition: (value: T) => boolean): Unordered<T>;
  map<U>(change: (value: T) => U): Unordered<U>;
  includes(value: T): boolean;
}

/** Quantities by the name of their resource: `{ cpu: "100m", memory: "64Mi" }`. */
export interface Quantities extends Readonly<Record<string, string>> {}

/** The record that the table's fields describe. */
export type RecordOf<Fields> = { readonly [K in keyof Fields]: Fields[K] extends Field<infer T> ? T : never };

export const boolean = (...path: string[]): Field<boolean> => ({ type: "boolean", path, default: false });
export const integer = (range: IntegerRange, ...path: string[]): Field<number> => ({ type: "integer", path, default: 0, range });

/** A whole number whose absence means `fallback`; a zero that is written is a zero. */
export const integerOr = (fallback: number, range: IntegerRange, ...path: string[]): Field<number> => ({ type: "integer", path, default: fallback, range });
export const numberOrText = (range: IntegerRange, ...path: string[]): Field<string> => ({ type: "numberOrText", path, default: "", range });
export const map = (...path: string[]): Field<Readonly<Record<string, string>>> => ({ type: "map", path });
export const quantities = (...path: string[]): Field<Quantities> => ({ type: "quantities", path });
export const source = <T extends string>(): Field<T> => ({ type: "source" });

/** A text whose absence means `fallback`. */
export const text = <T extends string = string>(fallback: NoInfer<T> | "", ...path: string[]): Field<T> => ({
  type: "text",
  path,
  default: fallback,
});

/** `limit` names the bound that they count against; undefined for a list that objects hold little of. */
export const texts = (limit: LimitName | undefined, ...path: string[]): Field<readonly string[]> => ({
  type: "texts",
  path,
  ...(limit === undefined ? {} : { limit }),
});

/** The records of one or several raw lists; `limit` names the bound that they count against. */
export const records = <T>(record: string, paths: readonly FieldPath[], limit?: LimitName): Field<readonly T[]> => ({
  type: "records",
  record,
  paths,
  ...(limit === undefined ? {} : { limit }),
});

/** What is there of the single objects at `paths`. */
export const objects = <T>(record: string, paths: readonly FieldPath[]): Field<readonly T[]> => ({ type: "records", record, paths, single: true });

/** The object itself as another record. */
export const view = <T>(record: string): Field<T> => ({ type: "view", record });

/** The objects of the cluster of these kinds. */
export const listed = <T>(record: string, kinds: readonly ObjectKind[]): Field<Unordered<T>> => ({ type: "listed", record, kinds });

/**
 * A field of a workload whose change alone brings no review of an UPDATE: controllers and the API server write it all the
 * time, or, as `replicas`, changing it must always be possible.
 */
export const quiet = <T extends boolean | number | string>(field: Field<T>): Field<T> => {
  if (field.type !== "boolean" && field.type !== "integer" && field.type !== "text") throw new TypeError(`a ${field.type} cannot be quiet`);
  return { ...field, quiet: true };
};

/** Whether a change of the field alone brings no review of an UPDATE. */
export const isQuiet = (field: Field<unknown> | undefined): boolean => field !== undefined && "quiet" in field;
