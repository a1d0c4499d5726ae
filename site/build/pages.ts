/** The pages of the repository as pages of the site: where each lies, and where its links lead. */
import { existsSync, statSync } from "node:fs";
import { posix } from "node:path";
import { root } from "../../docs/markdown.js";

/** Where a page of the repository lies in the site. */
export function routeOf(page: string): string {
  if (page === "README.md") return "overview.md";
  return page.replace(/(^|\/)README\.md$/, "$1index.md");
}

export interface Linked {
  readonly text: string;
  /** Files that the links lead to, beside pages; paths in the repository. */
  readonly files: readonly string[];
}

/**
 * The text of a page with the links of its new place. A file becomes a text file of the site, a folder its README;
 * of a link to a folder without one the words stay.
 */
export function relink(text: string, page: string, pages: ReadonlySet<string>): Linked {
  const files = new Set<string>();
  const route = routeOf(page);
  const relative = (to: string): string => {
    const path = posix.relative(posix.dirname(route), to);
    return path.startsWith(".") ? path : `./${path}`;
  };
  const outsideOfCode = text.split(/(^ *```.*?^ *```$)/gms).map((part, index) => (index % 2 === 1 ? part : part.replaceAll(LINK, (whole, words: string, path: string, anchor: string | undefined) => {
    if (/^[a-z]+:/.test(path) || path === "") return whole;
    const target = posix.join(posix.dirname(page), path).replace(/\/$/, "");
    const readme = posix.join(target, "README.md");
    if (pages.has(target)) return `[${words}](${relative(routeOf(target))}${anchor ?? ""})`;
    if (pages.has(readme)) return `[${words}](${relative(routeOf(readme))}${anchor ?? ""})`;
    if (!existsSync(`${root}${target}`)) throw new Error(`${page}: a link leads to ${target}, which is not there`);
    if (statSync(`${root}${target}`).isDirectory()) return words;
    files.add(target);
    return `[${words}](${relative(fileRoute(target))})`;
  })));
  return { text: outsideOfCode.join(""), files: [...files] };
}

/** Text files are shown by every server and browser alike, whatever they make of the name's own ending. */
export function fileRoute(file: string): string {
  return `files/${file}.txt`;
}

const LINK = /\[([^\]\n]+)\]\(([^)#\s]*)(#[^)\s]*)?\)/g;
