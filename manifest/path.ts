/** A name in a mapping or an index in a list. */
export type Segment = string | number;

const PLAIN_NAME = /^[A-Za-z_][A-Za-z0-9_-]*$/;
const STEP = /(?:^|(?<!^)\.)([^.[\]"]+)|\[(\d+)\]|\[("(?:[^"\\]|\\.)*")\]/y;

/**
 * The segments of a path such as `spec.containers[0].ports` or `metadata.labels["example.org/team"]`.
 * The empty path is the object itself.
 * @throws SyntaxError for a text that is no path
 */
export function parsePath(path: string): Segment[] {
  const segments: Segment[] = [];
  STEP.lastIndex = 0;
  for (let end = 0; end < path.length; end = STEP.lastIndex) {
    const step = STEP.exec(path);
    if (step === null) throw new SyntaxError(`\`${path}\` is no path: expected a name, [0] or ["name"] at character ${String(end + 1)}`);
    const [, name, index, quoted] = step;
    if (name !== undefined) segments.push(name);
    else if (index !== undefined) segments.push(Number(index));
    else segments.push(String(JSON.parse(quoted ?? '""')));
  }
  return segments;
}

/** The path of what lies at `segment` below `path`; the inverse of parsePath. */
export function joinPath(path: string, ...segments: readonly Segment[]): string {
  return segments.reduce<string>((joined, segment) => {
    if (typeof segment === "number") return `${joined}[${String(segment)}]`;
    if (!PLAIN_NAME.test(segment)) return `${joined}[${JSON.stringify(segment)}]`;
    return joined === "" ? segment : `${joined}.${segment}`;
  }, path);
}
