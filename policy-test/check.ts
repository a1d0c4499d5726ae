import { classify } from "../manifest/classify.js";
import { readManifest, type ManifestDocument } from "../manifest/read.js";
import type { ReviewRequest } from "../manifest/run.js";
import { typeErrors } from "../manifest/validate.js";
import { viewOf } from "../manifest/view.js";
import { nameOf } from "../policies/kit/names.js";
import type { Engine } from "./engine.js";
import { textOf } from "./problem.js";
import type { FileReport, Finding, InputError, NotChecked, ObjectName } from "./report.js";
import type { ActiveRule } from "./rules.js";
import { isMapping } from "../manifest/mapping.js";

/** Checks the text of one file; `file` is its name in the report. Never throws for what the text holds. */
export type Checker = (text: string, file: string) => FileReport;

export interface CheckerOptions {
  readonly rules: readonly ActiveRule[];
  readonly engine: Engine;
  /** Namespace of objects that name none. */
  readonly namespace: string;
}

export function createChecker({ rules, engine, namespace }: CheckerOptions): Checker {
  const parameters = Object.fromEntries(rules.map((rule) => [rule.id, rule.parameters]));
  const byId = new Map(rules.map((rule) => [rule.id, rule]));

  const findingsIn = (document: ManifestDocument): Finding[] => {
    const review = reviewOf(document, namespace);
    const found = engine(review, parameters);
    if (found.length === 0) return [];
    const workload = objectName(review.object);
    return found.flatMap(({ rule: id, path, message }) => {
      const rule = byId.get(id);
      if (rule === undefined) return []; // the engine was given these rules only
      const { severity, enforcement } = rule;
      const { line, column } = document.position(path);
      return [{ rule: id, severity, enforcement, message, file: document.file, line, column, workload, path }];
    });
  };

  return (text, file) => {
    const { documents, errors: unreadable } = readManifest(text, file);
    const findings: Finding[] = [];
    const notChecked: NotChecked[] = [];
    const inputErrors: InputError[] = [...unreadable];
    let workloads = 0;
    for (const document of documents) {
      const { object } = document;
      const kind = classify(object);
      if (kind.kind === "unchecked") {
        notChecked.push({ file, ...document.position(""), object: objectName(withNamespace(object, namespace)), why: kind.why });
      }
      if (kind.kind !== "workload") continue;
      workloads++;
      const wrong = typeErrors(object);
      if (wrong.length > 0) {
        // What engines make of a value of the wrong type differs, and no cluster ever gets to see it.
        inputErrors.push(...wrong.map(({ path, message }) => ({ file, ...document.position(path), message: `the API server would reject this: ${message}` })));
        continue;
      }
      try {
        findings.push(...findingsIn(document));
      } catch (error) {
        inputErrors.push({ file, ...document.position(""), message: `this object could not be checked: ${textOf(error)}` });
      }
    }
    return {
      documents: documents.length,
      workloads,
      findings: findings.sort(byPlace),
      notChecked,
      inputErrors: inputErrors.sort(byPlace),
    };
  };
}

interface Placed {
  readonly line?: number;
  readonly column?: number;
}

/** Findings at one place keep the order of the engine: by rule, path and message. */
function byPlace(one: Placed, other: Placed): number {
  return (one.line ?? 0) - (other.line ?? 0) || (one.column ?? 0) - (other.column ?? 0);
}

function reviewOf({ object, request }: ManifestDocument, namespace: string): ReviewRequest & { readonly object: object } {
  const review = { object: withNamespace(object, namespace) };
  if (request === undefined) return review;
  const { operation, oldObject } = request;
  return {
    ...review,
    ...(operation === undefined ? {} : { operation }),
    ...(isMapping(oldObject) ? { oldObject: withNamespace(oldObject, namespace) } : {}),
  };
}

/** The view's own default for an object without a namespace; nothing needs to be written for it. */
const IMPLIED_NAMESPACE = "default";

function withNamespace(object: Readonly<Record<string, unknown>>, namespace: string): Readonly<Record<string, unknown>> {
  if (namespace === IMPLIED_NAMESPACE) return object;
  const metadata = isMapping(object.metadata) ? object.metadata : {};
  if ((metadata.namespace ?? "") !== "") return object;
  return { ...object, metadata: { ...metadata, namespace } };
}

function objectName(object: object): ObjectName {
  const { workload } = viewOf(object);
  return { kind: workload.kind, namespace: workload.namespace, name: nameOf(workload) };
}
