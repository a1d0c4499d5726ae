/** Reads the rest of the cluster: objects that are context only. */
import { isDeepStrictEqual } from "node:util";
import { readManifest, type ManifestDocument } from "../manifest/read.js";
import { describe, identityOf, type KubernetesObject } from "./identity.js";
import { findSources, type Source } from "./input.js";
import type { Io } from "./io.js";
import type { MemorySource } from "./memory.js";
import { placeOf, textOf, type Problem } from "./problem.js";
import { subjectOf, type SubjectKind } from "./subject.js";
import { readText } from "./text.js";

interface Member {
  readonly object: KubernetesObject;
  readonly document: ManifestDocument;
}

/** What rules may look at beside the object under review. */
const CONTEXT: ReadonlySet<SubjectKind> = new Set(["workload", "namespace", "networkPolicy"]);

/**
 * The objects of one cluster that rules may look at, each identity once. AdmissionReviews are left out: what they ask
 * about is no state.
 * @param kept the kinds that are wanted; the others are read as well, so that errors do not depend on the rules
 * @param config absolute path of the config in use
 */
export async function loadInventory(
  paths: readonly (string | MemorySource)[],
  io: Pick<Io, "cwd" | "stdin">,
  { namespace, kept, config }: { readonly namespace: string; readonly kept: ReadonlySet<SubjectKind>; readonly config?: string | undefined },
): Promise<{ readonly objects: readonly KubernetesObject[] } | { readonly problems: readonly Problem[] }> {
  const problems: Problem[] = [];
  const objects: KubernetesObject[] = [];
  const members = new Map<string, Member>();
  const clashes: { readonly one: Member; readonly other: Member }[] = [];

  const add = (document: ManifestDocument): void => {
    if (document.request !== undefined) return;
    const { object, kind, problems: wrong } = subjectOf(document, namespace, CONTEXT);
    if (!CONTEXT.has(kind)) return;
    for (const { path, message } of wrong) {
      problems.push({ file: document.file, ...document.position(path), message: `the API server would reject this: ${message}` });
    }
    const identity = identityOf(object);
    const known = identity === undefined ? undefined : members.get(identity);
    if (known !== undefined) {
      if (!isDeepStrictEqual(known.object, object)) clashes.push({ one: known, other: { object, document } });
      return;
    }
    if (identity !== undefined) members.set(identity, { object, document });
    if (kept.has(kind)) objects.push(object);
  };

  const counts = new Map<string, number>();
  const countOf = (source: Source, key = source.file): number => {
    const known = counts.get(key);
    if (known !== undefined) return known;
    const { documents, problems: unreadable } = read(source);
    problems.push(...unreadable);
    for (const document of documents) add(document);
    const count = documents.length + unreadable.length;
    counts.set(key, count);
    return count;
  };

  for (const path of paths) {
    // A file may have the name of a text; no path holds a NUL.
    const found = typeof path === "string" ? await findSources([path], io, config) : { sources: [path], problems: [] };
    problems.push(...found.problems);
    const count = found.sources.reduce((sum, source) => sum + countOf(source, typeof path === "string" ? source.file : `\0${source.file}`), 0);
    if (count === 0 && found.problems.length === 0) problems.push({ message: `no manifest in the inventory \`${typeof path === "string" ? path : path.file}\`` });
  }
  const [clash] = clashes;
  if (clash !== undefined) problems.push(clashProblem(clash.one, clash.other, clashes.length - 1));
  return problems.length > 0 ? { problems } : { objects };
}

function read(source: Source): { readonly documents: readonly ManifestDocument[]; readonly problems: readonly Problem[] } {
  const { file } = source;
  try {
    const { documents, errors } = readManifest("path" in source ? readText(source.path) : source.text, file);
    return { documents, problems: errors };
  } catch (error) {
    return { documents: [], problems: [{ file, message: textOf(error) }] };
  }
}

function clashProblem(one: Member, other: Member, more: number): Problem {
  const first = placeOf({ file: one.document.file, ...one.document.position("") });
  const rest = more === 0 ? "" : ` (and ${String(more)} more)`;
  return {
    file: other.document.file,
    ...other.document.position(""),
    message: `this ${describe(other.object)} of the inventory differs from the one at ${first}${rest}`,
    help: "an inventory is one cluster: name the folder of one",
  };
}
