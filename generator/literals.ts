/** A text as a literal of Rego and CEL. What YAML takes for a line break, or does not allow at all, is escaped: policies lie in YAML files. */
export function textLiteral(value: string): string {
  return JSON.stringify(value).replace(/[\u007f-\u009f\u2028\u2029\ufeff]/g, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`);
}
