/* eslint-disable no-control-regex -- control characters are what this file is about */

/** One line of a terminal: names and messages come from manifests, and must not move the cursor or fake a line. */
export function printable(text: string): string {
  return text.replace(/[\u0000-\u001f\u007f-\u009f\u2028\u2029]/g, "\ufffd");
}
