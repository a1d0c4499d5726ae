import type { RuleMeta } from "../compiled.js";
import { reject } from "./scope.js";
import { ts } from "./typescript.js";

/** Tags that the JSDoc of a rule may carry, and what of its metadata they become. */
const tags = { source: "sources", limitation: "limitations" } as const;
const isTag = (name: string): name is keyof typeof tags => Object.hasOwn(tags, name);

type Documentation = Pick<RuleMeta, "description" | "sources" | "limitations">;

/** The JSDoc above the export: its text, one line a paragraph, and its tags, one line each. */
export function readDocumentation(assignment: ts.ExportAssignment): Documentation {
  const docs = ts.getJSDocCommentsAndTags(assignment).filter(ts.isJSDoc);
  const comment = docs.map((doc) => ts.getTextOfJSDocComment(doc.comment) ?? "").join("\n\n");
  if (comment.trim() === "") reject(assignment, "the rule does not say why it exists", "write a JSDoc comment above `export default`: it becomes the description in every engine");
  const found: Record<(typeof tags)[keyof typeof tags], string[]> = { sources: [], limitations: [] };
  for (const tag of docs.flatMap((doc) => doc.tags ?? [])) {
    const name = tag.tagName.text;
    if (!isTag(name)) return reject(tag.tagName, `\`@${name}\` means nothing above a rule`, "write `@source` for who says so, `@limitation` for what the rule does not find");
    const line = oneLine(ts.getTextOfJSDocComment(tag.comment) ?? "");
    if (line === "") reject(tag.tagName, `\`@${name}\` says nothing`, "write a sentence behind it, or leave it out");
    found[tags[name]].push(line);
  }
  const paragraphs = comment.split(/\n\s*\n/).map(oneLine);
  return { description: paragraphs.filter((paragraph) => paragraph !== "").join("\n"), ...found };
}

const oneLine = (text: string): string => text.replace(/\s+/g, " ").trim();
