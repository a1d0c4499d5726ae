/** A part of a text, and where it starts in it. */
export interface Part {
  readonly text: string;
  readonly start: number;
}

const [OPEN, CLOSE, QUOTE, BACKSLASH] = [0x7b, 0x7d, 0x22, 0x5c];

/**
 * The values of a text that holds several JSON objects, one after the other, as `kubectl` takes them and `jq` prints them; the text
 * itself for any other. Where an object ends is told by its braces; whether it can be read is for others to say.
 */
export function splitJsonObjects(text: string): readonly Part[] {
  if (!/^\s*\{/.test(text)) return [{ text, start: 0 }];
  const parts: Part[] = [];
  let [start, depth, isQuoted] = [0, 0, false];
  for (let index = 0; index < text.length; index++) {
    const code = text.charCodeAt(index);
    if (isQuoted) {
      if (code === BACKSLASH) index++;
      else if (code === QUOTE) isQuoted = false;
    } else if (code === QUOTE) isQuoted = true;
    else if (code === OPEN) depth++;
    else if (code === CLOSE && --depth <= 0) {
      if (depth < 0) break;
      parts.push({ text: text.slice(start, index + 1), start });
      start = index + 1;
    } else if (depth === 0 && !/\s/.test(text.charAt(index))) return [{ text, start: 0 }];
  }
  const rest = text.slice(start);
  if (rest.trim() !== "") parts.push({ text: rest, start });
  return parts;
}
