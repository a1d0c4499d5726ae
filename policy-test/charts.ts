/** Which files belong to a Helm chart: its templates are no manifests until Helm has rendered them. */
import { existsSync } from "node:fs";
import { dirname, join, relative, sep } from "node:path";

/** The chart that a file lies in. */
export interface ChartPart {
  /** The chart's folder, as shown to people. */
  readonly chart: string;
  /** Whether the file lies in the chart's folder `templates`, where Helm renders each file. */
  readonly isTemplate: boolean;
}

/** What opens an action of a template. */
const ACTION = "{{";

/** @returns what finds the chart of a file, by its absolute path; each folder is looked at once */
export function createCharts(cwd: string): (path: string) => ChartPart | undefined {
  const known = new Map<string, string | undefined>();
  const chartAbove = (folder: string): string | undefined => {
    if (known.has(folder)) return known.get(folder);
    const parent = dirname(folder);
    const found = existsSync(join(folder, "Chart.yaml")) ? folder : parent === folder ? undefined : chartAbove(parent);
    known.set(folder, found);
    return found;
  };
  return (path) => {
    const root = chartAbove(dirname(path));
    if (root === undefined) return undefined;
    return { chart: relative(cwd, root) || ".", isTemplate: relative(root, path).startsWith(`templates${sep}`) };
  };
}

/**
 * The line of the first action in a file of a chart that is a template; undefined for one that is a manifest as it stands.
 * @param hasErrors whether the text can be read as it stands; other files of a chart, such as its values, may hold actions in quotes
 */
export function templateLine(part: ChartPart | undefined, text: string, hasErrors: () => boolean): number | undefined {
  if (part === undefined) return undefined;
  const offset = text.indexOf(ACTION);
  if (offset === -1 || !(part.isTemplate || hasErrors())) return undefined;
  return text.slice(0, offset).split("\n").length;
}
