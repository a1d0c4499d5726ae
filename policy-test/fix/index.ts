/** `--fix`: loaded only where it is asked for. Runs in the main thread, after everything has been checked. */
import { readFileSync } from "node:fs";
import { createTwoFilesPatch, FILE_HEADERS_ONLY } from "diff";
import type { RuleManifest } from "../../wasm/manifest.js";
import type { Checker } from "../check.js";
import type { Source } from "../input.js";
import { textOf } from "../problem.js";
import type { FileReport, InputError } from "../report.js";
import type { Outcome } from "../share.js";
import { decode } from "../text.js";
import type { Fixed, FixReport, NotFixed } from "./report.js";
import { replaceFile } from "./replace.js";
import { fixText } from "./text.js";

export interface FixResult extends FixReport {
  /** What became of each source, fixed or not, in their order. */
  readonly outcomes: readonly Outcome[];
}

/**
 * Fixes what can be fixed of what was found.
 * @param outcomes of the sources, in their order
 * @param isDry say what would change, and write nothing
 */
export function fixSources(sources: readonly Source[], outcomes: readonly Outcome[], check: Checker, rules: readonly RuleManifest[], isDry: boolean): FixResult {
  const fixable = new Map(rules.filter((rule) => rule.fix !== undefined).map((rule) => [rule.id, rule]));
  const fixed: Fixed[] = [];
  const notFixed: NotFixed[] = [];
  const diffs: string[] = [];
  const after = outcomes.map((outcome, index): Outcome => {
    const source = sources[index];
    if (source === undefined || !("report" in outcome) || !outcome.report.findings.some((finding) => fixable.has(finding.rule))) return outcome;
    try {
      const { bytes, text } = "path" in source ? readBytes(source.path) : { bytes: undefined, text: source.text };
      const result = fixText(text, source.file, check, fixable);
      if (result.text !== text) {
        if (isDry) diffs.push(patch(source.file, text, result.text));
        else if ("path" in source && bytes !== undefined) replaceFile(source.path, bytes, encode(result.text, bytes));
      }
      fixed.push(...result.fixed);
      notFixed.push(...result.notFixed);
      return { file: outcome.file, report: result.report };
    } catch (error) {
      return { file: outcome.file, report: withError(outcome.report, { file: source.file, message: `cannot be fixed: ${textOf(error)}` }) };
    }
  });
  return { outcomes: after, fixed, notFixed, ...(isDry ? { diff: diffs.join("") } : {}) };
}

const BYTE_ORDER_MARK = Buffer.from("\uFEFF");

function readBytes(path: string): { readonly bytes: Buffer; readonly text: string } {
  const bytes = readFileSync(path);
  return { bytes, text: decode(bytes) };
}

/** The bytes of a text, with the byte order mark that decoding the original has taken away. */
function encode(text: string, original: Buffer): Buffer {
  const hasMark = original.subarray(0, BYTE_ORDER_MARK.length).equals(BYTE_ORDER_MARK);
  return Buffer.concat([hasMark ? BYTE_ORDER_MARK : Buffer.alloc(0), Buffer.from(text)]);
}

/** A unified diff as `git apply` takes it. */
function patch(file: string, before: string, after: string): string {
  const name = file.replace(/^\/+/, "");
  return createTwoFilesPatch(`a/${name}`, `b/${name}`, before, after, undefined, undefined, { context: 3, headerOptions: FILE_HEADERS_ONLY });
}

function withError(report: FileReport, error: InputError): FileReport {
  return { ...report, inputErrors: [...report.inputErrors, error] };
}
