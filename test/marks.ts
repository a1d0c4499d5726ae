/** Parts of a page that a program writes: they stand between `<!-- NAME -->` and `<!-- end of NAME -->`. */

const marksOf = (name: string): readonly [start: string, end: string] => [`<!-- ${name} -->\n`, `<!-- end of ${name} -->`];

/**
 * What stands between the marks of a page.
 * @throws Error where it has none
 */
export function markedIn(page: string, name: string): string {
  const [start, end] = marksOf(name);
  const [from, to] = [page.indexOf(start), page.indexOf(end)];
  if (from === -1 || to < from) throw new Error(`the page has no marks for the ${name}`);
  return page.slice(from + start.length, to);
}

export function withMarked(page: string, name: string, text: string): string {
  const [start, end] = marksOf(name);
  return page.replace(`${start}${markedIn(page, name)}${end}`, () => `${start}${text}${end}`);
}
