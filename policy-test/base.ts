/** Finds what an object was before a change, in the files of the state before. */
import { existsSync } from "node:fs";
import { join, relative, resolve } from "node:path";
import { isDeepStrictEqual } from "node:util";
import { readHeld, type Filled, type Held, type HeldFile, type Unreadable } from "./held.js";
import { describe, identityOf, type KubernetesObject } from "./identity.js";
import { findSources, kindOf, realPathOf, type Source } from "./input.js";
import type { Io } from "./io.js";
import { isBelow, isInside } from "./paths.js";
import type { Problem } from "./problem.js";

/** What an object was before the change. */
export interface Past {
  readonly object: KubernetesObject;
  /** Where it stood, if that was in another file. */
  readonly movedFrom?: string;
}

/**
 * What `object` of the file `file` was before the change; undefined for a new one.
 * @param object with its namespace written into it
 * @throws Error where that cannot be told
 */
export type Before = (file: string, object: KubernetesObject) => Past | undefined;

/** Where the state before lies, as plain data. */
export interface Base {
  /** As it was given, shown to people. */
  readonly shown: string;
  /** Absolute; a folder that the working folder is compared with, or one file. */
  readonly root: string;
  readonly isFolder: boolean;
  /** The folder that paths of checked files are relative to. */
  readonly cwd: string;
  /** The manifests of the base. */
  readonly files: readonly BaseFile[];
  /** Folders of the base that cannot be read. */
  readonly unreadable: readonly Unreadable[];
}

interface BaseFile {
  readonly file: string;
  readonly path: string;
}

/**
 * @param sources what is to be checked
 * @param config absolute path of the config in use
 */
export async function findBase(
  shown: string,
  sources: readonly Source[],
  { cwd }: Pick<Io, "cwd">,
  config?: string,
): Promise<{ readonly base: Base } | { readonly problems: readonly Problem[] }> {
  const root = resolve(cwd, shown);
  const kind = kindOf(root);
  if (kind === undefined) return { problems: [{ file: shown, message: "no such file or folder", help: COPY }] };
  const inside = sources.find((source) => "path" in source && isInside(realPathOf(source.path), realPathOf(root)));
  if (inside !== undefined) {
    // Compared with itself nothing has changed.
    return { problems: [{ file: inside.file, message: `to be checked, but lies in the base \`${shown}\``, help: COPY }] };
  }
  const { sources: found, problems } = await findSources([shown], { cwd, stdin: NOTHING }, config);
  return {
    base: {
      shown,
      root,
      isFolder: kind === "folder",
      cwd,
      files: found.flatMap((source) => ("path" in source ? [source] : [])),
      unreadable: problems.map(({ file = shown, message }) => ({ place: file, message })),
    },
  };
}

const COPY = "the base is a copy of the state before the change: git worktree add /tmp/base main";

/** Standard input is never a base. */
const NOTHING: Io["stdin"] = {
  [Symbol.asyncIterator]: () => ({ next: () => Promise.resolve({ done: true, value: undefined }) }),
};

/**
 * Looks first in the file at the same path. An object that is not there may have been moved: then it is taken from the one
 * place of the base whose file does not hold it any more. Files are read when they are needed, each once.
 */
export function createBefore(base: Base, namespace: string): Before {
  const read = remembering((path: string, file: string) => readHeld(path, file, namespace));
  let index: ReturnType<typeof indexOf> | undefined;

  /** Whether today's file at the place of a file of the base holds the object: then it was not moved from there. */
  const isStillThere = (held: Held, object: KubernetesObject, identity: string): boolean => {
    if (!base.isFolder) return false;
    const path = join(base.cwd, relative(base.root, held.path));
    const now = read(path, relative(base.cwd, path));
    if (now.objects.has(identity)) return true;
    failIfHolding(object, now.unreadable, "whether it was moved from there");
    return false;
  };

  return (file, object) => {
    const identity = identityOf(object);
    if (identity === undefined) return undefined;
    const path = counterpartOf(base, file);
    const counterpart: HeldFile | undefined = path === undefined ? undefined : read(path, join(base.shown, relative(base.root, path)));
    const own = counterpart?.objects.get(identity);
    if (own !== undefined) return { object: theOnly(own, object).object };
    failIfHolding(object, counterpart?.unreadable ?? [], "what it was before");

    index ??= indexOf(base, read);
    const moved = (index.objects.get(identity) ?? []).filter((held) => !isStillThere(held, object, identity));
    if (isFilled(moved)) {
      const held = theOnly(moved, object);
      return { object: held.object, movedFrom: held.place() };
    }
    failIfHolding(object, index.unreadable, "what it was before");
    return undefined;
  };
}

type Read = (path: string, file: string) => HeldFile;

function indexOf(base: Base, read: Read): { readonly objects: ReadonlyMap<string, readonly Held[]>; readonly unreadable: readonly Unreadable[] } {
  const objects = new Map<string, Held[]>();
  const unreadable = [...base.unreadable];
  for (const { path, file } of base.files) {
    const held = read(path, file);
    for (const [identity, found] of held.objects) objects.set(identity, [...(objects.get(identity) ?? []), ...found]);
    unreadable.push(...held.unreadable);
  }
  return { objects, unreadable };
}

/** The file of the base at the path of `file`; undefined where there is none. */
function counterpartOf(base: Base, file: string): string | undefined {
  if (!base.isFolder) return undefined;
  const below = relative(base.cwd, resolve(base.cwd, file));
  if (!isBelow(below)) return undefined;
  const path = join(base.root, below);
  return existsSync(path) ? path : undefined;
}

/** @throws Error if they differ */
function theOnly([first, ...others]: Filled<Held>, object: KubernetesObject): Held {
  const other = others.find((candidate) => !isDeepStrictEqual(candidate.object, first.object));
  if (other === undefined) return first;
  throw new Error(`what it was before cannot be told, since ${first.place()} and ${other.place()} both hold ${describe(object)}, and differ`);
}

function isFilled<Element>(list: readonly Element[]): list is Filled<Element> {
  return list.length > 0;
}

/** @throws Error if one of these may hold the object */
function failIfHolding(object: KubernetesObject, unreadable: readonly Unreadable[], what: string): void {
  const holder = unreadable.find(({ mayHold }) => mayHold?.(object) ?? true);
  if (holder !== undefined) throw new Error(`${what} cannot be told, since ${holder.place} may hold it and cannot be read: ${holder.message}`);
}

function remembering(read: Read): Read {
  const known = new Map<string, HeldFile>();
  return (path, file) => {
    const result = known.get(path) ?? read(path, file);
    known.set(path, result);
    return result;
  };
}
