import { printable } from "../printable.js";
import { glyphs, widthOf } from "../width.js";

/** Columns of a line of the input that are shown. */
const COLUMNS = 100;
/** Where the mark stands in a line that is too long: what is before it says less than what is behind. */
const MARK_AT = 30;

/** What is pointed at: a scalar, quoted or plain, or else one character. */
const TOKEN = /^(?:"(?:[^"\\]|\\.)*"|'(?:[^']|'')*'|(?:[^\s,:\]}]|:(?=\S))+)/;

/**
 * The line that a finding stands on below the one before it, each with its number, and a mark under the place.
 * @param lines by number
 * @param column in UTF-16 units, from 1
 * @returns nothing where the line is not known as far as that
 */
export function codeFrame(lines: ReadonlyMap<number, string>, line: number, column: number): string[] {
  const text = lines.get(line);
  if (text === undefined || column > text.length + 1) return [];
  const before = visible(text.slice(0, column - 1));
  const behind = text.slice(column - 1);
  const token = visible(TOKEN.exec(behind)?.[0] ?? "");
  const from = widthOf(before) + widthOf(token) <= COLUMNS ? 0 : Math.max(0, widthOf(before) - MARK_AT);
  const shown = cut(before + visible(behind), from);
  const mark = "^".repeat(Math.max(1, Math.min(widthOf(token), COLUMNS - (widthOf(before) - from))));
  const above = from > 0 ? "" : visible(lines.get(line - 1) ?? "");

  const gutter = String(line).length;
  const row = (number: string, content: string): string => `${number.padStart(gutter)} | ${content}`.trimEnd();
  return [
    ...(above.trim() === "" ? [] : [row(String(line - 1), cut(above, 0))]),
    row(String(line), shown),
    row("", " ".repeat(widthOf(before) - from) + mark),
  ];
}

/** Tabs as spaces, since terminals disagree about them, and nothing that moves the cursor. */
function visible(text: string): string {
  return printable(text.replaceAll("\t", "  "));
}

/** What stands in the columns from `from`, with `…` in place of the first and last of what is left out. */
function cut(text: string, from: number): string {
  let column = 0;
  let shown = "";
  for (const glyph of glyphs(text)) {
    const start = column;
    column += glyph.width;
    if (start < from) continue;
    if (from > 0 && shown === "") {
      // Spaces make up for a wide character that is only half left out.
      shown = "…" + " ".repeat(start - from + Math.max(0, glyph.width - 1));
      continue;
    }
    if (column > from + COLUMNS) return `${shown}…`;
    shown += glyph.text;
  }
  return shown;
}
