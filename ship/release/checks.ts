/** Why a repository cannot be released as it is; docs/releases.md has the rules. */
import { isObject } from "../../generator/schema/json.js";
import { changesOf, type BundleChanges } from "./bundles.js";
import { compareVersions, type Ordering } from "./semver.js";
import type { LastRelease, Repository } from "./repository.js";
import type { Versions } from "../../generator/versions.js";

export interface Options {
  /** Nothing is released yet: the changelog may still say Unreleased, and package.json not yet where the source is. */
  readonly dryRun: boolean;
}

/** One line for each problem; none where the repository may be released. */
export function problemsOf(repository: Repository, ruleIds: readonly string[], { dryRun }: Options): string[] {
  const { uncommitted, packageVersion, lockVersion, source, changelog, versions, tags, last } = repository;
  const problems = uncommitted.length === 0 ? [] : [`the tree is not clean: ${uncommitted.map((line) => line.trim()).join(", ")}`];
  if (versions === undefined) return [...problems, "policies/versions.yaml is missing"];
  if (lockVersion !== packageVersion) problems.push(`package-lock.json says ${lockVersion}, package.json ${packageVersion}; run \`npm install --package-lock-only\``);
  if (versions.library.version !== packageVersion) problems.push(`policies/versions.yaml says ${versions.library.version} of the library, package.json ${packageVersion}; make them equal`);
  if (tags.includes(`v${packageVersion}`)) problems.push(`v${packageVersion} is released already; give package.json a new version`);
  if (!dryRun) problems.push(...sourceProblems(source));
  problems.push(...changelogProblems(changelog, packageVersion, versions.library.released, dryRun));
  for (const id of ruleIds) if (versions.rules[id] === undefined) problems.push(`policies/versions.yaml has no version of the rule ${id}; a new rule starts at 1.0.0`);
  if (last === undefined) return problems;
  const bundles = changesOf(last.bundles, repository.bundles);
  return [...problems, ...policyProblems(versions, last, bundles), ...libraryProblems(versions, last, bundles), ...silentBundles(changelog, packageVersion, bundles)];
}

/** npm holds the provenance of a package against this address, and refuses to publish with another or with none. */
function sourceProblems(source: unknown): string[] {
  const url = isObject(source) ? source["url"] : undefined;
  if (typeof url === "string" && /^git\+https:\/\/[^/]+\/.+\.git$/.test(url)) return [];
  return ['package.json does not say where the source is, and npm gives no provenance without it; add `"repository": { "type": "git", "url": "git+https://HOST/OWNER/NAME.git" }`'];
}

/** The text of each section, by its heading. */
const sectionsOf = (changelog: string): ReadonlyMap<string, string> => new Map(changelog.split(/^## /m).slice(1).map((section) => [section.split("\n", 1)[0]?.trim() ?? "", section.slice(section.indexOf("\n")).trim()]));

const headingOf = (sections: ReadonlyMap<string, string>, version: string): string | undefined => [...sections.keys()].find((heading) => heading.startsWith(`[${version}]`));

/** Nobody sees from the version of a library which bundles it changes. */
function silentBundles(changelog: string, version: string, { names }: BundleChanges): string[] {
  const sections = sectionsOf(changelog);
  const text = sections.get(headingOf(sections, version) ?? "[Unreleased]") ?? "";
  return names.filter((name) => !text.includes(`\`${name}\``)).map((name) => `the bundle ${name} is not what it was; say in CHANGELOG.md, of \`${name}\`, what changes for those who have installed it`);
}

function changelogProblems(changelog: string, version: string, released: string, dryRun: boolean): string[] {
  const sections = sectionsOf(changelog);
  const heading = headingOf(sections, version) ?? (dryRun ? "[Unreleased]" : undefined);
  const text = heading === undefined ? undefined : sections.get(heading);
  if (heading === undefined || text === undefined) return [`CHANGELOG.md has no section \`## [${version}] - ${released}\``];
  if (text === "") return [`the section ${heading} of CHANGELOG.md is empty; say what people get`];
  if (heading !== "[Unreleased]" && heading !== `[${version}] - ${released}`) return [`CHANGELOG.md says \`${heading}\`, and policies/versions.yaml that ${version} is of ${released}`];
  return [];
}

/** What people install of a rule, and not its tests and pages. */
const artefact = /^library\/(?:gatekeeper|kyverno|admission-policy)\/(?!bundles\/)([^/]+)\/(?!samples\/|test\/|resources\/|(?:.*\/)?\.chainsaw-test\/)(?:.*\/)?(?!kustomization|kyverno-test|suite)[^/]*\.yaml$/;

/** The rules of which something that people install is not what it was. */
export function changedPolicies(paths: readonly string[]): string[] {
  return [...new Set(paths.flatMap((path) => artefact.exec(path)?.[1] ?? []))].sort();
}

function policyProblems(versions: Versions, { tag, versions: before, changed }: LastRelease, bundles: BundleChanges): string[] {
  const altered = changedPolicies(changed);
  return Object.entries(before?.rules ?? {}).flatMap(([id, was]): string[] => {
    const is = versions.rules[id];
    if (is === undefined) return []; // judged with the library's version
    const order = compareVersions(was.version, is.version);
    if (order === "lower") return [`the version of ${id} went from ${was.version} to ${is.version}; versions only rise`];
    if (order === "equal" && altered.includes(id)) return [`the policies of ${id} changed since ${tag} and still have version ${is.version}; raise it in policies/versions.yaml, then \`npm run generate\``];
    const settings = bundles.altered.get(id);
    if (order === "equal" && settings !== undefined) return [`the settings of ${id} in ${settings.join(", ")} changed since ${tag}, and it still has version ${is.version}: \`gator policy upgrade\` would pass it over; raise it in policies/versions.yaml, then \`npm run generate\``];
    if (order === "equal" && is.released !== was.released) return [`${id} ${is.version} was released on ${was.released}, not on ${is.released}`];
    return [];
  });
}

/** The least that the version of the library must rise by. */
function libraryProblems(versions: Versions, { tag, versions: before }: LastRelease, bundles: BundleChanges): string[] {
  const was = before?.library.version ?? tag.slice(1);
  const is = versions.library.version;
  const order = compareVersions(was, is);
  if (order === "equal" || order === "lower") return [`the version ${is} does not follow ${tag}`];
  const old = before?.rules ?? {};
  const removed = Object.keys(old).filter((id) => versions.rules[id] === undefined);
  const added = Object.keys(versions.rules).filter((id) => old[id] === undefined);
  const broken = Object.entries(old).filter(([id, { version }]) => compareVersions(version, versions.rules[id]?.version ?? version) === "major").map(([id]) => id);
  // Before 1.0.0 the second number is the one that may break.
  const breaking: readonly Ordering[] = was.startsWith("0.") ? ["major", "minor"] : ["major"];
  const breaks = [...removed.map((id) => `${id} is gone`), ...broken.map((id) => `${id} has a new major version`), ...bundles.breaking];
  if (breaks.length > 0 && !breaking.includes(order)) return [`${is} after ${was} breaks nobody, but ${breaks.join(", ")}; raise the ${breaking.at(-1) ?? "major"} version`];
  const news = [...added.map((id) => `there is ${id}`), ...bundles.notable];
  if (news.length > 0 && order === "patch") return [`${is} after ${was} brings nothing new, but ${news.join(", ")}; raise the minor version`];
  return [];
}
