/** What a release is made of: the repository as it is, and as it was at the last release. */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";

import { isObject } from "../../generator/schema/json.js";
import { parseVersions, readVersions, type Versions } from "../../generator/versions.js";
import { run } from "./run.js";

const VERSIONS = "policies/versions.yaml";

export interface LastRelease {
  readonly tag: string;
  /** Absent where the release has no such file. */
  readonly versions: Versions | undefined;
  /** Paths of the files that are no longer what they were. */
  readonly changed: readonly string[];
}

export interface Repository {
  /** What git does not know of, one line each. */
  readonly uncommitted: readonly string[];
  readonly packageVersion: string;
  readonly lockVersion: string;
  readonly changelog: string;
  readonly versions: Versions | undefined;
  readonly tags: readonly string[];
  /** Absent before the first release. */
  readonly last: LastRelease | undefined;
}

/** @throws Error where `root` is no such repository */
export function readRepository(root: string): Repository {
  const git = (...given: readonly string[]): string => run("git", given, root);
  const linesOf = (text: string): string[] => text.split("\n").filter((line) => line !== "");
  const tags = linesOf(git("tag", "--merged", "HEAD", "--list", "v*.*.*", "--sort=v:refname"));
  const tag = tags.at(-1);
  return {
    uncommitted: linesOf(git("status", "--porcelain")),
    packageVersion: versionIn(root, "package.json"),
    lockVersion: versionIn(root, "package-lock.json"),
    changelog: readFileSync(join(root, "CHANGELOG.md"), "utf8"),
    versions: readVersions(join(root, "policies")),
    tags: linesOf(git("tag", "--list", "v*.*.*")),
    last: tag === undefined ? undefined : { tag, versions: versionsAt(root, tag), changed: linesOf(git("diff", "--name-only", "--no-renames", tag, "HEAD")) },
  };
}

function versionIn(root: string, name: string): string {
  const path = join(root, name);
  const value: unknown = existsSync(path) ? JSON.parse(readFileSync(path, "utf8")) : undefined;
  if (isObject(value) && typeof value["version"] === "string") return value["version"];
  throw new Error(`${path} is missing or has no version`);
}

function versionsAt(root: string, tag: string): Versions | undefined {
  const there = run("git", ["ls-tree", "--name-only", tag, VERSIONS], root) !== "";
  return there ? parseVersions(`${tag}:${VERSIONS}`, run("git", ["show", `${tag}:${VERSIONS}`], root)) : undefined;
}
