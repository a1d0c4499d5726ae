/** Reads the files of suites. Paths in a suite are relative to its own file. */
import { dirname, join, normalize, resolve } from "node:path";
import { lineIndex, type Position } from "../../manifest/lines.js";
import { isMapping } from "../../manifest/mapping.js";
import type { Segment } from "../../manifest/path.js";
import { readManifest, type ManifestDocument } from "../../manifest/read.js";
import { parseYaml, type YamlDocument } from "../../manifest/yaml.js";
import { placeOf, textOf, type Problem } from "../problem.js";
import { readText } from "../text.js";
import { schemaProblems } from "../validate-parameters.js";
import { NotRunError } from "./result.js";

/** A document of a suite's own file, before anything is known of it. */
export interface SuiteDocument {
  /** As shown to people. */
  readonly file: string;
  readonly value: Readonly<Record<string, unknown>>;
  readonly position: (path: readonly Segment[]) => Position;
}

export interface Folder {
  /** The folder of the suite, as shown to people. */
  readonly shown: string;
  /** What `shown` is relative to. */
  readonly cwd: string;
}

export const folderOf = (file: string, cwd: string): Folder => ({ shown: dirname(file), cwd });

/** The mappings of a text, and what in it is no YAML. */
export function documentsOf(text: string, file: string): { readonly documents: readonly SuiteDocument[]; readonly problems: readonly Problem[] } {
  const positionAt = lineIndex(text);
  const { documents, errors } = parseYaml(text);
  return {
    documents: documents.flatMap(({ value, offset }: YamlDocument) => (isMapping(value) ? [{ file, value, position: (path: readonly Segment[]) => positionAt(offset(path)) }] : [])),
    problems: errors.map(({ offset, message }) => ({ file, ...positionAt(offset), message })),
  };
}

/** What is wrong with a document by the schema of its kind, each with its place. */
export function shapeProblems({ file, value, position }: SuiteDocument, schema: Readonly<Record<string, unknown>>, kind: string): Problem[] {
  const words = { whole: `a ${kind}`, part: (path: string) => `\`${path}\` of a ${kind}`, field: `a ${kind} has no field` };
  return schemaProblems(schema, withoutNull(value), words).map(({ segments, message, ...help }) => ({ file, ...position(segments), message, ...help }));
}

/** Null is absent, as where Kubernetes reads. */
export function withoutNull(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutNull);
  if (!isMapping(value)) return value;
  return Object.fromEntries(Object.entries(value).flatMap(([name, field]) => (field === null ? [] : [[name, withoutNull(field)]])));
}

/**
 * The objects of a file that a suite names, Lists taken apart.
 * @throws NotRunError where there is no such file, or not everything in it can be read, or nothing is in it
 */
export function objectsOf(path: string, { shown, cwd }: Folder): readonly ManifestDocument[] {
  const file = normalize(join(shown, path));
  let text: string;
  try {
    text = readText(resolve(cwd, file));
  } catch (error) {
    throw new NotRunError(`\`${file}\` cannot be read: ${textOf(error)}`);
  }
  const { documents, errors } = readManifest(text, file);
  if (errors.length > 0) throw new NotRunError(...errors.map((error) => `${placeOf(error)}: ${error.message}`));
  if (documents.length === 0) throw new NotRunError(`\`${file}\` holds no object`);
  return documents;
}

/** The one object of a file. @throws NotRunError as `objectsOf`, and where there are more, or a List */
export function objectOf(path: string, folder: Folder): ManifestDocument {
  const documents = objectsOf(path, folder);
  const [first] = documents;
  if (first === undefined || documents.length > 1) throw new NotRunError(`\`${first?.file ?? path}\` must hold one object, but holds ${documents.length}`);
  if (first.request === undefined && first.root.length > 0) throw new NotRunError(`\`${first.file}\` holds a List`, "name a file with the object alone");
  return first;
}
