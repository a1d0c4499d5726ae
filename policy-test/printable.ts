/**
 * One line of a terminal: names and messages come from manifests, and must not move the cursor, fake a line or, with marks of
 * writing direction, change the order in which the rest is shown.
 */
export function printable(text: string): string {
  return text.replace(/[\p{Cc}\p{Cs}\u2028\u2029\u202a-\u202e\u2066-\u2069]/gu, "\ufffd");
}
