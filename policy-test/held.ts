/** The objects that a file of another state holds, by identity. It need not be a state that a cluster would accept. */
import { existsSync } from "node:fs";
import { readManifest } from "../manifest/read.js";
import { identityOf, withNamespace, writtenNameOf, type KubernetesObject } from "./identity.js";
import { placeOf, textOf } from "./problem.js";
import { readText } from "./text.js";

export interface Held {
  readonly object: KubernetesObject;
  /** Absolute path of its file. */
  readonly path: string;
  /** File, line and column for people. */
  readonly place: () => string;
}

/** A place that cannot be read, and why. */
export interface Unreadable {
  readonly place: string;
  readonly message: string;
  /** Whether an object may stand there; absent where nothing is known of the place. */
  readonly mayHold?: (object: KubernetesObject) => boolean;
}

/** A list with at least one element. */
export type Filled<Element> = readonly [Element, ...Element[]];

export interface HeldFile {
  readonly objects: ReadonlyMap<string, Filled<Held>>;
  readonly unreadable: readonly Unreadable[];
}

const NOTHING: HeldFile = { objects: new Map(), unreadable: [] };

/**
 * Reads a file; one that does not exist holds nothing. AdmissionReviews are left out: what they ask about is no state.
 * @param file its name for people
 */
export function readHeld(path: string, file: string, namespace: string): HeldFile {
  if (!existsSync(path)) return NOTHING;
  let text: string;
  try {
    text = readText(path);
  } catch (error) {
    return { objects: new Map(), unreadable: [{ place: file, message: textOf(error) }] };
  }
  const { documents, errors } = readManifest(text, file);
  const objects = new Map<string, [Held, ...Held[]]>();
  for (const document of documents) {
    if (document.request !== undefined) continue;
    const object = withNamespace(document.object, namespace);
    const identity = identityOf(object);
    if (identity === undefined) continue;
    const held = { object, path, place: () => placeOf({ file, ...document.position("") }) };
    const known = objects.get(identity);
    if (known === undefined) objects.set(identity, [held]);
    else known.push(held);
  }
  const mayHold = (object: KubernetesObject): boolean => mentions(text, object);
  return { objects, unreadable: errors.map((error) => ({ place: placeOf(error), message: error.message, mayHold })) };
}

/** Whether kind and name of an object both occur in a text: a template of Helm that makes other objects is no obstacle. */
function mentions(text: string, object: KubernetesObject): boolean {
  const name = writtenNameOf(object).replace(/[^A-Za-z0-9-]/g, "\\$&");
  return text.includes(String(object.kind)) && new RegExp(`(?<![A-Za-z0-9.-])${name}(?![A-Za-z0-9.-])`).test(text);
}
