import { DEFAULT_SCALAR_STYLE_RULES, dump, SCALAR_STYLE, type ScalarStyleRule } from "js-yaml";

/** The files that a target makes of a rule: text by path below the output folder, with forward slashes. */
export type Files = ReadonlyMap<string, string>;

/** The comment that every generated file starts with. */
export function banner(source: string): string {
  return `# Generated from ${source} by hostnetwork-policies; do not edit.`;
}

/** A comment above the first line of a document that holds `key`. */
export interface Note {
  readonly key: string;
  readonly text: string;
}

/** A YAML file of one or several documents, in the order in which their fields are written. */
export function yamlFile(source: string, documents: readonly object[], notes: readonly Note[] = []): string {
  const texts = documents.map((document) => notes.reduce(withNote, yamlOf(document)));
  return `${banner(source)}\n${texts.join("---\n")}`;
}

/** One document. Fields that are undefined are left out; code stands as it is, in literal blocks. */
export function yamlOf(document: object): string {
  const scalarStyleRules = [literalCode, ...Object.values(DEFAULT_SCALAR_STYLE_RULES)];
  return dump(document, { lineWidth: -1, noRefs: true, scalarStyleRules });
}

/** js-yaml would quote Rego for its tabs, and double each apostrophe of a text that it quotes. */
const literalCode: ScalarStyleRule = (layout) => {
  const { node, isKey, allowedStylesMask } = layout;
  const isAllowed = (style: number): boolean => (allowedStylesMask & (1 << style)) !== 0;
  const isCode = node.value.includes("\n\t") || (node.value.includes("'") && !isAllowed(SCALAR_STYLE.PLAIN));
  if (isCode && !isKey && isAllowed(SCALAR_STYLE.LITERAL_BLOCK)) layout.style = SCALAR_STYLE.LITERAL_BLOCK;
};

function withNote(text: string, note: Note): string {
  const lines = text.split("\n");
  const at = lines.findIndex((line) => line.trimStart().startsWith(`${note.key}:`));
  const line = lines[at];
  if (line === undefined) return text;
  const indent = line.slice(0, line.length - line.trimStart().length);
  return lines.toSpliced(at, 0, `${indent}# ${note.text}`).join("\n");
}
