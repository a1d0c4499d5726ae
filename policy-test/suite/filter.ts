/** `--run`, as `gator verify` has it. */
import { patternOf } from "./assertions.js";

/** Whether a case of a test is to be run. */
export type Filter = (test: string, name: string) => boolean;

/**
 * @param given `TEST//CASE`, a regular expression for each; or one expression, which the name of the test or of the case fits
 * @throws Error for what is no such filter
 */
export function filterOf(given: string | undefined): Filter {
  if (given === undefined || given === "") return () => true;
  const [first = "", second, ...more] = given.split("//");
  if (more.length > 0) throw new Error("a filter has at most one `//`");
  const one = patternOf(first);
  if (second === undefined) return (test, name) => one(test) || one(name);
  const other = patternOf(second);
  return (test, name) => one(test) && other(name);
}
