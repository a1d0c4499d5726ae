/** How a version follows another: the highest part that rose. */
export type Ordering = "major" | "minor" | "patch" | "equal" | "lower";

const parts = ["major", "minor", "patch"] as const;

/** Both are `MAJOR.MINOR.PATCH`, as versions.yaml takes them. */
export function compareVersions(before: string, after: string): Ordering {
  const [was, is] = [before, after].map((version) => version.split(".").map(Number));
  const at = parts.findIndex((_, index) => was?.[index] !== is?.[index]);
  const part = parts[at];
  if (part === undefined) return "equal";
  return (is?.[at] ?? 0) > (was?.[at] ?? 0) ? part : "lower";
}
