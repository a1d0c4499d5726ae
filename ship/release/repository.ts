/** What a release is made of: the repository as it is, and as it was at the last release. */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";

import { isObject, type JsonObject } from "../../generator/schema/json.js";
import { parseVersions, readVersions, type Versions } from "../../generator/versions.js";
import { parseBundles, type Bundle } from "./bundles.js";
import { run } from "./run.js";

const VERSIONS = "policies/versions.yaml";
/** Tells of the bundles, with all settings filled in. */
const MANIFEST = "wasm/manifest.json";

export interface LastRelease {
  readonly tag: string;
  /** Absent where the release has no such file. */
  readonly versions: Versions | undefined;
  /** None where the release has no such file. */
  readonly bundles: readonly Bundle[];
  /** Paths of the files that are no longer what they were. */
  readonly changed: readonly string[];
}

export interface Repository {
  /** What git does not know of, one line each. */
  readonly uncommitted: readonly string[];
  readonly packageVersion: string;
  readonly lockVersion: string;
  /** What package.json says of where the source is. */
  readonly source: unknown;
  readonly changelog: string;
  readonly versions: Versions | undefined;
  readonly bundles: readonly Bundle[];
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
    source: manifestIn(root, "package.json")["repository"],
    lockVersion: versionIn(root, "package-lock.json"),
    changelog: readFileSync(join(root, "CHANGELOG.md"), "utf8"),
    versions: readVersions(join(root, "policies")),
    bundles: existsSync(join(root, MANIFEST)) ? parseBundles(MANIFEST, readFileSync(join(root, MANIFEST), "utf8")) : [],
    tags: linesOf(git("tag", "--list", "v*.*.*")),
    last: tag === undefined ? undefined : { tag, versions: fileAt(root, tag, VERSIONS, parseVersions), bundles: fileAt(root, tag, MANIFEST, parseBundles) ?? [], changed: linesOf(git("diff", "--name-only", "--no-renames", tag, "HEAD")) },
  };
}

function versionIn(root: string, name: string): string {
  const { version } = manifestIn(root, name);
  if (typeof version === "string") return version;
  throw new Error(`${join(root, name)} is missing or has no version`);
}

function manifestIn(root: string, name: string): JsonObject {
  const path = join(root, name);
  const value: unknown = existsSync(path) ? JSON.parse(readFileSync(path, "utf8")) : {};
  return isObject(value) ? value : {};
}

/** A file of a release, parsed; undefined where the release lacks it. */
function fileAt<Parsed>(root: string, tag: string, path: string, parse: (file: string, text: string) => Parsed): Parsed | undefined {
  const there = run("git", ["ls-tree", "--name-only", tag, path], root) !== "";
  return there ? parse(`${tag}:${path}`, run("git", ["show", `${tag}:${path}`], root)) : undefined;
}
