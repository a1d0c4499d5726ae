import { isAbsolute, relative, sep } from "node:path";

/** Whether a path is another one, or lies below it. */
export function isInside(path: string, root: string): boolean {
  return path === root || isBelow(relative(root, path));
}

/** Whether a relative path stays below where it starts. */
export function isBelow(path: string): boolean {
  return path !== "" && path !== ".." && !path.startsWith(`..${sep}`) && !isAbsolute(path);
}
