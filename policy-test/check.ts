import { isDeepStrictEqual } from "node:util";
import { isMapping } from "../manifest/mapping.js";
import { readManifest, type Position } from "../manifest/read.js";
import type { ReviewRequest } from "../manifest/run.js";
import { typeErrors } from "../manifest/validate.js";
import type { Reviews } from "../policies/kit/view.js";
import type { Before } from "./base.js";
import { containerAt } from "./container.js";
import { contextKindsFor, createContexts, type Context } from "./context.js";
import type { Engine } from "./engine.js";
import { namespaceOf, objectName, withNamespace, type KubernetesObject } from "./identity.js";
import type { Move } from "./moves.js";
import { lookAtNeighbours } from "./neighbours.js";
import { applied, byRuleAndConstraint, createPlan, type Plan } from "./plan.js";
import { textOf } from "./problem.js";
import type { FileReport, Finding, InputError, NotChecked, Waived } from "./report.js";
import type { ActiveRule } from "./rules.js";
import { subjectOf, type Subject } from "./subject.js";
import { annotatedWaivers, withWaivers, type AnnotationOptions, type WaivableFinding } from "./waive.js";

/** Checks the text of one file; `file` is its name in the report. Never throws for what the text holds. */
export type Checker = (text: string, file: string) => FileReport;

export interface CheckerOptions {
  readonly rules: readonly ActiveRule[];
  readonly engine: Engine;
  /** Namespace of objects that name none. */
  readonly namespace: string;
  /** The same to a rule's `match`: empty where nobody has said it. Gatekeeper's own tool does not take it for `default` either. */
  readonly impliedNamespace?: string;
  /** Objects of the cluster beside those of a file, each identity once; they are context only. */
  readonly inventory?: readonly KubernetesObject[];
  /** The objects' state before a change, where one is known. */
  readonly before?: Before;
  /** Whether to say only what the change brings; means something with `before` only. */
  readonly changedOnly?: boolean;
  /** Whether documents that are no objects of Kubernetes are errors. */
  readonly strictFiles?: boolean;
  /** Given where annotations of the objects may waive findings. */
  readonly annotations?: AnnotationOptions | undefined;
  /** Whether the rules are those of this package, of which it is known what they look at. */
  readonly areOwn?: boolean;
}

interface History {
  readonly old?: KubernetesObject;
  readonly isUnchanged: boolean;
  readonly movedFrom?: string;
}

export function createChecker({ rules, engine, namespace, impliedNamespace = "", inventory = [], before, changedOnly = false, strictFiles = false, annotations, areOwn = false }: CheckerOptions): Checker {
  const plans = { workload: planOf(rules, "workloads", impliedNamespace), namespace: planOf(rules, "namespaces", impliedNamespace) };
  const contextKinds = contextKindsFor(rules);
  const lookedAt = new Set([...contextKinds, ...(plans.namespace === undefined ? [] : (["namespace"] as const))]);
  const contextOf = createContexts(inventory, areOwn && lookAtNeighbours(rules));

  /** What the object of a subject was before the change; what no API server had accepted was not there. */
  const historyOf = ({ document, object }: Subject): History => {
    const past = document.request === undefined ? before?.(document.file, object) : undefined;
    if (past === undefined) return { isUnchanged: false };
    const { object: old, movedFrom } = past;
    return {
      ...(typeErrors(old).length > 0 ? {} : { old }),
      isUnchanged: isDeepStrictEqual(old, object),
      ...(movedFrom === undefined ? {} : { movedFrom }),
    };
  };

  const requestsFor = (subject: Subject, old: KubernetesObject | undefined): ReviewRequest[] => {
    const { object, document } = subject;
    if (document.request !== undefined) return [requestOf(object, document.request, namespace)];
    const update = old === undefined ? [] : [{ object, operation: "UPDATE", oldObject: old } as const];
    if (changedOnly && before !== undefined) return old === undefined ? [{ object, operation: "CREATE" }] : update;
    return [{ object }, ...update];
  };

  const placed = ({ document, object }: Subject, found: readonly WaivableFinding[]): Finding[] => {
    if (found.length === 0) return [];
    const workload = objectName(object);
    return found.map(({ rule, path, message, waived, by: { constraint, severity, enforcement } }) => {
      const { line, column } = document.position(path);
      return { rule, ...(constraint === undefined ? {} : { constraint }), severity, enforcement, ...(waived === undefined ? {} : { waived }), message, file: document.file, line, column, workload, ...containerAt(object, path), path };
    });
  };

  return (text, file) => {
    const { documents, errors: unreadable, foreign: lists } = readManifest(text, file);
    const subjects = documents.map((document) => subjectOf(document, namespace, lookedAt));
    // What an AdmissionReview asks about is not yet there.
    const own = subjects.filter(({ document, kind, problems }) => document.request === undefined && contextKinds.has(kind) && problems.length === 0);
    const context = contextOf(own.map(({ object }) => object));
    const findings: Finding[] = [];
    const notChecked: NotChecked[] = [];
    const inputErrors: InputError[] = [...unreadable];
    const moves: Move[] = [];
    const usedWaivers = new Set<number>();

    const check = (subject: Subject): void => {
      const { document, object, kind, why, problems } = subject;
      const plan = kind === "workload" || kind === "namespace" ? plans[kind] : undefined;
      if (plan === undefined && kind !== "unchecked" && problems.length === 0) return;
      const isReviewed = plan !== undefined && problems.length === 0;
      const { old, isUnchanged, movedFrom }: History = isReviewed || changedOnly ? historyOf(subject) : { isUnchanged: false };
      if (movedFrom !== undefined) moves.push({ from: movedFrom, file, ...document.position("") });
      if (changedOnly && isUnchanged) return;
      const unmatched = new Set<ActiveRule>();
      if (kind === "unchecked") {
        notChecked.push({ file, ...document.position(""), object: objectName(object), why });
      } else if (problems.length > 0) {
        // What engines make of a value of the wrong type differs, and no cluster ever gets to see it.
        for (const { path, message } of problems) inputErrors.push({ file, ...document.position(path), message: `the API server would reject this: ${message}` });
      } else if (plan !== undefined) {
        const found = requestsFor(subject, old).map((request) => {
          const { groups, undecided } = plan({ ...request, object }, context.namespaceNamed);
          for (const rule of undecided) unmatched.add(rule);
          return groups.flatMap((group) => {
            const asked = besides(request, context.of(object, group.needs));
            return withWaivers(applied(engine(asked, group.parameters), group), (parameters) => engine(asked, parameters));
          });
        });
        const own = annotations === undefined ? undefined : annotatedWaivers(object, annotations);
        const all = merged(found).map((finding) => withAnnotation(finding, own?.byRule.get(finding.rule)));
        for (const { waiver } of all) if (waiver !== undefined) usedWaivers.add(waiver);
        findings.push(...placed(subject, all));
        inputErrors.push(...(own?.problems ?? []).map(({ path, message }) => ({ file, ...document.position(path), message })));
        inputErrors.push(...[...unmatched].map((rule) => ({ file, ...document.position("metadata.namespace"), message: undecidedMessage(rule, object) })));
      }
    };

    const foreign = [...lists, ...subjects.filter(({ kind }) => kind === "foreign").map(({ document }) => () => document.position(""))];
    if (strictFiles) for (const error of foreignErrors(file, foreign)) inputErrors.push(error);
    for (const subject of subjects) {
      try {
        check(subject);
      } catch (error) {
        inputErrors.push({ file, ...subject.document.position(""), message: `this object could not be checked: ${textOf(error)}` });
      }
    }
    return {
      documents: documents.length + lists.length,
      foreign: foreign.length,
      workloads: subjects.filter(({ kind }) => kind === "workload").length,
      findings: findings.sort(byPlace),
      notChecked,
      inputErrors: inputErrors.sort(byPlace),
      moves,
      usedWaivers: [...usedWaivers],
    };
  };
}

/** The request in its surroundings, whose getters stay getters. */
function besides(request: ReviewRequest, surroundings: ReturnType<Context["of"]>): ReviewRequest {
  return Object.defineProperties({ ...request }, Object.getOwnPropertyDescriptors(surroundings));
}

/** A Kustomization says what it is by the name of its file. */
function foreignErrors(file: string, foreign: readonly (() => Position)[]): InputError[] {
  if (/(?:^|[/\\])kustomization\.ya?ml$/.test(file)) return [];
  return foreign.map((position) => ({ file, ...position(), message: "no object of Kubernetes: it has no apiVersion and kind" }));
}

function planOf(rules: readonly ActiveRule[], reviews: Reviews, impliedNamespace: string): Plan | undefined {
  const members = rules.filter((rule) => rule.reviews === reviews);
  return members.length === 0 ? undefined : createPlan(members, impliedNamespace);
}

/** @throws Error for an old object that rules cannot be given */
function requestOf(object: KubernetesObject, { operation, oldObject, userInfo }: Pick<ReviewRequest, "operation" | "oldObject" | "userInfo">, namespace: string): ReviewRequest {
  const [problem] = typeErrors(oldObject);
  if (problem !== undefined) throw new Error(`in the oldObject of this AdmissionReview, ${problem.message}`);
  return {
    object,
    ...(operation === undefined ? {} : { operation }),
    ...(isMapping(oldObject) ? { oldObject: withNamespace(oldObject, namespace) } : {}),
    ...(userInfo === undefined ? {} : { userInfo }),
  };
}

/** What the config waives already needs no annotation. */
function withAnnotation(finding: WaivableFinding, waived: Waived | undefined): WaivableFinding {
  return waived === undefined || finding.waived !== undefined ? finding : { ...finding, waived };
}

function undecidedMessage({ id, constraint }: ActiveRule, object: KubernetesObject): string {
  const whose = constraint === undefined ? `rule \`${id}\`` : `Constraint \`${constraint}\` of rule \`${id}\``;
  return `${whose} selects Namespaces by their labels, and those of Namespace \`${namespaceOf(object)}\` are not known; put the Namespace into the file, or name it with --inventory`;
}

/** The findings of several reviews of one object, each once. */
function merged(reviews: readonly (readonly WaivableFinding[])[]): readonly WaivableFinding[] {
  const byContent = new Map<string, WaivableFinding>();
  for (const finding of reviews.flat()) {
    const key = JSON.stringify([finding.rule, finding.by.constraint, finding.path, finding.message]);
    if (finding.waived === undefined || !byContent.has(key)) byContent.set(key, finding); // what one review does not waive is not waived
  }
  return [...byContent.values()].sort(byRuleAndConstraint);
}

interface Placed {
  readonly line?: number;
  readonly column?: number;
}

/** Findings at one place keep the order of the engine: by rule, path and message. */
function byPlace(one: Placed, other: Placed): number {
  return (one.line ?? 0) - (other.line ?? 0) || (one.column ?? 0) - (other.column ?? 0);
}
