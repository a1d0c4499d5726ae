/** There are no files in a browser: the evaluator is given the module itself. */
export function readFile(): Promise<never> {
  return Promise.reject(new Error("there are no files in a browser"));
}
