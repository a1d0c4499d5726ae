import { isQuiet } from "../../policies/kit/fields.js";
import { viewTable, type RecordName } from "../../policies/kit/view.js";
import type { Reads } from "../../manifest/view.js";

/** The fields that are compared one by one, because others that are read bring no review; undefined where all count. */
export function loudFields(record: RecordName, reads: Reads): string[] | undefined {
  const names = reads[record] ?? [];
  const loud = names.filter((name) => !isQuiet(viewTable[record][name]));
  return loud.length === names.length ? undefined : loud;
}
