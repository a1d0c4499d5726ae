/** Fixes the text of one file, in memory. What it gives has been read and checked again. */
import { isDeepStrictEqual } from "node:util";
import { applySplices, writeField, type Splice } from "../../manifest/edit.js";
import { neighbours, valuesAt, withValue } from "../../manifest/fix.js";
import { parsePath } from "../../manifest/path.js";
import { readManifest, type ManifestDocument } from "../../manifest/read.js";
import type { RuleManifest } from "../../wasm/manifest.js";
import type { Checker } from "../check.js";
import type { FileReport, Finding } from "../report.js";
import type { Fixed, NotFixed } from "./report.js";

export interface FixedText {
  readonly text: string;
  /** What is found in that text. */
  readonly report: FileReport;
  readonly fixed: readonly Fixed[];
  /** The same, as they were found before. */
  readonly gone: readonly Finding[];
  readonly notFixed: readonly NotFixed[];
}

/** A finding whose fix can be written. */
interface Candidate {
  readonly finding: Finding;
  readonly document: number;
  readonly value: boolean | number | string;
  readonly splices: readonly Splice[];
}

type Judged = Candidate | { readonly finding: Finding; readonly why: string };

/**
 * @param rules those that have a fix
 * @param isWanted which findings to fix; all where it is left out
 * @throws Error where the text with the fixes would not be the same but for them; nothing should be written then
 */
export function fixText(text: string, file: string, check: Checker, rules: ReadonlyMap<string, RuleManifest>, isWanted: (finding: Finding) => boolean = () => true): FixedText {
  const before = check(text, file);
  const { documents } = readManifest(text, file);
  const documentOf = documentFinder(documents);
  const judged = fixable(before.findings).filter(isWanted).flatMap((finding) => judge(finding, documents, documentOf(finding), rules.get(finding.rule)));
  let candidates = judged.filter((each): each is Candidate => !("why" in each));
  const notFixed = judged.flatMap((each) => ("why" in each ? [notFixedOf(each.finding, each.why)] : []));
  while (candidates.length > 0) {
    const fixedText = applySplices(text, withoutRepeats(candidates));
    const after = check(fixedText, file);
    const read = readManifest(fixedText, file).documents;
    verifyObjects(documents, read, candidates);
    const found = keysOf(after.findings, documentFinder(read));
    // With the parameters that the rule is run with, the new value may be wrong as well.
    const keys = new Set(found.map(({ document, rule, path }) => keyOf(document, rule, path)));
    const useless = candidates.filter(({ finding, document }) => keys.has(keyOf(document, finding.rule, finding.path)));
    if (useless.length === 0) {
      verifyFindings({ report: before, keys: keysOf(before.findings, documentOf) }, { report: after, keys: found }, candidates);
      return { text: fixedText, report: after, fixed: candidates.map((each) => fixedOf(each, read)), gone: candidates.map(({ finding }) => finding), notFixed };
    }
    notFixed.push(...useless.map(({ finding, value }) => notFixedOf(finding, `the rule, as it is set, finds fault with \`${String(value)}\` as well`)));
    candidates = candidates.filter((each) => !useless.includes(each));
  }
  return { text, report: before, fixed: [], gone: [], notFixed };
}

/** What is waived stays as it is; what several Constraints find is one thing to fix. */
function fixable(findings: readonly Finding[]): readonly Finding[] {
  const byContent = findings.map((finding): [string, Finding] => [JSON.stringify([finding.rule, finding.line, finding.column, finding.path, finding.message]), finding]);
  return [...new Map(byContent).values()].filter(({ waived }) => waived === undefined);
}

/** What can be done about a finding; nothing is said of one that is none of its rule's fix. */
function judge(finding: Finding, documents: readonly ManifestDocument[], number: number, rule: RuleManifest | undefined): Judged[] {
  const fix = rule?.fix;
  const document = documents[number];
  if (rule === undefined || fix === undefined || document === undefined) return [];
  const values = valuesAt(document.object, fix);
  if (!values.has(finding.path)) return [];
  const no = (why: string): Judged[] => [{ finding, why }];
  const current = values.get(finding.path);
  if (current !== fix.from) return no(`\`${String(current)}\` is somebody's choice; only \`${String(fix.from)}\` is replaced`);
  if (document.request !== undefined) return no("an AdmissionReview is the record of a request, not a manifest");
  const [record = ""] = fix.field.split(".");
  const path = parsePath(finding.path);
  const edit = writeField(document.source(), {
    parent: [...document.root, ...path.slice(0, -1)],
    name: String(path.at(-1)),
    value: fix.to,
    after: neighbours(fix, Object.entries(rule.reads).find(([name]) => name === record)?.[1] ?? []),
  });
  return "why" in edit ? no(edit.why) : [{ finding, document: number, value: fix.to, splices: edit.splices }];
}

type DocumentOf = (finding: Finding) => number;

/**
 * Tells which object a finding speaks of, -1 for none: no two have a value at one place, unless an alias gives it to both.
 * There are few different paths, and for each every object is asked once where it has it.
 */
function documentFinder(documents: readonly ManifestDocument[]): DocumentOf {
  const byPath = new Map<string, Map<string, number>>();
  const placesOf = (path: string): Map<string, number> => {
    const places = new Map<string, number>();
    for (const [index, document] of documents.entries()) {
      const { line, column } = document.position(path);
      const key = `${String(line)}:${String(column)}`;
      if (!places.has(key)) places.set(key, index);
    }
    return places;
  };
  return ({ path, line, column }) => {
    const places = byPath.get(path) ?? placesOf(path);
    byPath.set(path, places);
    return places.get(`${String(line)}:${String(column)}`) ?? -1;
  };
}

/** Two rules may write the same into one field. */
function withoutRepeats(candidates: readonly Candidate[]): readonly Splice[] {
  return [...new Map(candidates.map((each) => [placeOf(each), each])).values()].flatMap((each) => each.splices);
}

const placeOf = ({ document, finding }: Candidate): string => keyOf(document, "", finding.path);
const keyOf = (document: number, rule: string, path: string): string => JSON.stringify([document, rule, path]);

const DIFFERENT = "the fixed text would not be the same but for the fixes, so the file is left as it is";

/** The fixed text holds the same objects, but for the fields that were to be written. */
function verifyObjects(before: readonly ManifestDocument[], after: readonly ManifestDocument[], candidates: readonly Candidate[]): void {
  const wanted = before.map(({ object }): unknown => object);
  for (const { document, finding, value } of candidates) wanted[document] = withValue(wanted[document], parsePath(finding.path), value);
  const isSame = before.length === after.length && after.every(({ object }, index) => isDeepStrictEqual(object, wanted[index]));
  if (!isSame) throw new Error(DIFFERENT);
}

interface Key {
  readonly document: number;
  readonly rule: string;
  readonly path: string;
  readonly message: string;
}

const keysOf = (findings: readonly Finding[], documentOf: DocumentOf): Key[] =>
  findings.map((finding) => ({ document: documentOf(finding), rule: finding.rule, path: finding.path, message: finding.message }));

interface Checked {
  readonly report: FileReport;
  readonly keys: readonly Key[];
}

/** Exactly the fixed findings are gone, and nothing else is wrong or left out. */
function verifyFindings(before: Checked, after: Checked, candidates: readonly Candidate[]): void {
  const fixed = new Set(candidates.map(({ document, finding }) => keyOf(document, finding.rule, finding.path)));
  const isFixed = ({ document, rule, path }: Key): boolean => fixed.has(keyOf(document, rule, path));
  const sorted = (texts: readonly string[]): readonly string[] => [...texts].sort();
  const shown = (keys: readonly Key[]): readonly string[] => sorted(keys.map(({ document, rule, path, message }) => JSON.stringify([document, rule, path, message])));
  const others = ({ inputErrors, notChecked }: FileReport): readonly string[] => sorted([...inputErrors.map(({ message }) => message), ...notChecked.map(({ why }) => why)]);
  const isSame = isDeepStrictEqual(shown(after.keys), shown(before.keys.filter((key) => !isFixed(key)))) && isDeepStrictEqual(others(after.report), others(before.report));
  if (!isSame) throw new Error(DIFFERENT);
}

function notFixedOf({ rule, file, line, column, workload, path }: Finding, why: string): NotFixed {
  return { rule, file, line, column, workload, path, why };
}

function fixedOf({ finding, document, value }: Candidate, documents: readonly ManifestDocument[]): Fixed {
  const { rule, file, workload, path } = finding;
  const { line = finding.line, column = finding.column } = documents[document]?.position(path) ?? {};
  return { rule, file, line, column, workload, path, wrote: `${String(parsePath(path).at(-1))}: ${String(value)}` };
}
