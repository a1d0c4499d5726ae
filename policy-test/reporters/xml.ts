/** What no XML document may hold, not even escaped: most control characters, halves of surrogate pairs, two non-characters. */
const FORBIDDEN = /(?![\t\r\n\u007f-\u009f])\p{Cc}|\p{Cs}|[\ufffe\uffff]/gu;

/** A text as XML 1.0 may hold it: in an element, and in an attribute where it has no line breaks or tabs. */
export function xmlText(text: string): string {
  return text.replace(FORBIDDEN, "\ufffd").replace(/&/g, "&amp;").replace(/</g, "&lt;").replace(/>/g, "&gt;").replace(/"/g, "&quot;");
}

/** ` name="value"` for each that has a value. */
export function xmlAttributes(attributes: Readonly<Record<string, string | number | undefined>>): string {
  return Object.entries(attributes)
    .map(([name, value]) => (value === undefined ? "" : ` ${name}="${xmlText(String(value)).replace(/[\t\r\n]/g, (space) => `&#${String(space.charCodeAt(0))};`)}"`))
    .join("");
}
