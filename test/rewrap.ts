import { workloadKindOf } from "../manifest/view.js";
import type { WorkloadKind } from "../policies/kit/workload-kinds.js";

export interface Rewrapped {
  readonly object: Readonly<Record<string, unknown>>;
  /** Where a path of the original lies in the new object. */
  path(original: string): string;
  /** What a message that names the original's kind says of the new object. */
  message(original: string): string;
}

/**
 * The workload `object` as one of another kind: the same metadata around the same pod template, with the Pods' labels, and beside
 * the template what stood there, whether the other kind has such fields or not.
 * @throws Error where `object` is no workload
 */
export function rewrap(object: unknown, row: WorkloadKind): Rewrapped {
  const from = workloadKindOf(object);
  if (from === undefined) throw new Error("only a workload can be made one of another kind");
  const pod = from.template.reduce(entry, object);
  const labels = entry(entry(pod, "metadata"), "labels");
  const metadata = entry(object, "metadata");
  const isPod = row.template.length === 0;
  return {
    object: {
      apiVersion: row.group === "" ? row.version : `${row.group}/${row.version}`,
      kind: row.kind,
      ...nest(row.template, { ...(labels === undefined || isPod ? {} : { metadata: { labels } }), spec: entry(pod, "spec") }, from.template[0] === "spec" ? beside(entry(object, "spec"), from.template[1]) : {}),
      metadata: isPod && labels !== entry(metadata, "labels") ? { ...beside(metadata, "labels"), labels } : metadata,
    },
    path: (path) => [...row.template, ...path.split(".").slice(from.template.length)].join("."),
    message: (message) =>
      message.replace(` puts ${from.kind} `, ` puts ${row.kind} `).replace(` for ${from.kind} `, ` for ${row.kind} `).replace(`kind: ${from.kind},`, `kind: ${row.kind},`),
  };
}

function nest(path: readonly string[], value: Readonly<Record<string, unknown>>, siblings: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  const [first, ...rest] = path;
  return first === undefined ? value : { [first]: rest.length === 0 ? value : { ...siblings, ...nest(rest, value, {}) } };
}

/** The fields of `value` but one. */
function beside(value: unknown, name: string | undefined): Readonly<Record<string, unknown>> {
  return value !== null && typeof value === "object" ? Object.fromEntries(Object.entries(value).filter(([field]) => field !== name)) : {};
}

function entry(value: unknown, name: string): unknown {
  return value !== null && typeof value === "object" ? Reflect.get(value, name) : undefined;
}
