/** A fix that a rule declares: data, from which come `policy-test --fix` and the mutations for clusters. */
import type { Field } from "./fields.js";
import { viewTable, type RecordName, type ViewTypes } from "./view.js";

type PlainValue = boolean | number | string;

/** The fields of a record that hold one value, by name. */
type PlainField<Name extends RecordName> = { [F in keyof ViewTypes[Name] & string]: ViewTypes[Name][F] extends PlainValue ? F : never }[keyof ViewTypes[Name] & string];

interface FixOf<Name extends RecordName, F extends PlainField<Name>> {
  /** The field, by its record and its name in the view. A finding that stands at it is fixed, no other. */
  readonly field: `${Name}.${F}`;
  /** The value that is replaced, as the view has it: the default stands for an absent one as well. No other value is ever touched. */
  readonly from: ViewTypes[Name][F];
  /** The value that is written. Where the rule finds fault with it too, nothing is. */
  readonly to: ViewTypes[Name][F];
  /** Whether policies that do the same in a cluster are generated; for fields of the Pod itself. */
  readonly mutation?: Name extends "Pod" ? boolean : never;
}

/**
 * How findings of a rule are fixed. When a fix applies is not said again: it applies where the rule finds something at
 * `field`, with the parameters and exemptions that it is run with.
 */
export type Fix = { [Name in RecordName]: { [F in PlainField<Name>]: FixOf<Name, F> }[PlainField<Name>] }[RecordName];

/** The columns of the view that hold a value which can be written as it is read. */
export type FixableColumn = Field<unknown> & { readonly type: "boolean" | "integer" | "text" };

/** The parts of `Fix.field`, and its column of the view; undefined where a fix cannot write it. */
export function fixedField(field: string): { readonly record: RecordName; readonly name: string; readonly column: FixableColumn } | undefined {
  const [record = "", name = ""] = field.split(".");
  if (!isRecordName(record)) return undefined;
  const column = viewTable[record][name];
  return column !== undefined && isFixable(column) ? { record, name, column } : undefined;
}

function isRecordName(name: string): name is RecordName {
  return Object.hasOwn(viewTable, name);
}

function isFixable(column: Field<unknown>): column is FixableColumn {
  return column.type === "boolean" || column.type === "integer" || column.type === "text";
}
