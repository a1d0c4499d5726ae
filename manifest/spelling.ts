/** Names of fields that are nearly right. The API server tells upper from lower case, and knows no other spelling. */

/** A name without case, hyphens, spaces and what cannot be seen: `host-network` and `HostNetwork` are one. */
export const plainName = (name: string): string => name.normalize("NFKC").toLowerCase().replace(/[^a-z0-9]/g, "");

/** A value in quotes, on one line and in characters that can be seen. */
export function shown(value: unknown): string {
  return JSON.stringify(value).replace(/[^\x20-\x7e]/g, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`);
}

/** Shorter names differ by one letter from too many others. */
const MIN_LENGTH = 4;
/** No field of the API has such a character: comments of JSON, letters of other scripts, what cannot be seen. */
const IMPOSSIBLE = /[^\x21-\x7e]|^\/[/*]|"/;

/** The name that was meant by one that differs from it in case, hyphens or spaces alone. */
export function otherSpelling(name: string, names: Iterable<string>): string | undefined {
  const plain = plainName(name);
  for (const each of names) if (plain === plainName(each)) return each;
  return undefined;
}

/** The name that was meant by one that differs from it in one letter, or in two that have changed places. */
export function slipOf(name: string, names: Iterable<string>): string | undefined {
  for (const each of names) {
    // A field and its plural may both be there: hostIP and hostIPs.
    if (each.length >= MIN_LENGTH && name !== `${each}s` && `${name}s` !== each && isOneSlipAway(name, each)) return each;
  }
  return undefined;
}

/** Whether no field of the API can have this name. */
export const isImpossible = (name: string): boolean => IMPOSSIBLE.test(name);

/** Whether one letter is missing, added or another, or two neighbours have changed places. */
function isOneSlipAway(one: string, other: string): boolean {
  if (one === other || Math.abs(one.length - other.length) > 1) return false;
  let start = 0;
  while (one[start] === other[start]) start++;
  const rest = (text: string, from: number): string => text.slice(start + from);
  return (
    rest(one, 1) === rest(other, 1) ||
    rest(one, 1) === rest(other, 0) ||
    rest(one, 0) === rest(other, 1) ||
    (one[start] === other[start + 1] && one[start + 1] === other[start] && rest(one, 2) === rest(other, 2))
  );
}
