import { dump } from "js-yaml";
import { printable } from "../printable.js";
import { placeOf, type Problem } from "../problem.js";
import type { Finding, InputError, NotChecked, ObjectName, Report } from "../report.js";
import { noticeText } from "./message.js";
import type { Place } from "./places.js";
import type { ReportContext } from "./reporter.js";

const RESULTS = ["pass", "fail", "warn", "error", "skip"] as const;
type Result = (typeof RESULTS)[number];

interface Entry {
  /** Of the Report; empty for the ClusterReport. */
  readonly namespace: string;
  readonly result: Result;
  readonly fields: Readonly<Record<string, unknown>>;
}

const SOURCE = "policy-test";

/**
 * The report as objects of openreports.io/v1alpha1: a Report for each namespace, and a ClusterReport for what lies in none, input
 * errors among it. They have no time stamps, so that the same input gives the same text.
 */
export function formatPolicyReport(report: Report, context: ReportContext): string {
  const entries = [
    ...report.findings.map((finding) => findingEntry(finding, context)),
    ...report.notChecked.map((object) => notCheckedEntry(object)),
    ...report.inputErrors.map((error) => errorEntry(error)),
    ...(report.notices ?? []).map((notice) => noticeEntry(notice)),
  ];
  const namespaces = [...new Set(entries.map(({ namespace }) => namespace))].sort();
  // A run that has found nothing says so.
  const documents = (namespaces.length === 0 ? [""] : namespaces).map((namespace) => objectOf(namespace, entries.filter((entry) => entry.namespace === namespace)));
  return documents.map((document) => `---\n${dump(document, { lineWidth: -1, noRefs: true })}`).join("");
}

function objectOf(namespace: string, entries: readonly Entry[]): unknown {
  const summary = Object.fromEntries(RESULTS.map((result) => [result, entries.filter((entry) => entry.result === result).length]));
  return {
    apiVersion: "openreports.io/v1alpha1",
    kind: namespace === "" ? "ClusterReport" : "Report",
    metadata: { name: SOURCE, ...(namespace === "" ? {} : { namespace }) },
    source: SOURCE,
    summary,
    results: entries.map(({ result, fields }) => ({ source: SOURCE, ...fields, result })),
  };
}

function findingEntry(finding: Finding, { rules }: ReportContext): Entry {
  const { rule, constraint, severity, enforcement, message, waived, workload, path } = finding;
  const title = rules.get(rule)?.title;
  return {
    namespace: workload.namespace,
    result: waived !== undefined ? "skip" : enforcement === "deny" ? "fail" : "warn",
    fields: {
      policy: rule,
      ...(constraint === undefined ? {} : { rule: constraint }),
      severity,
      scored: waived === undefined && enforcement === "deny",
      resources: [referenceTo(workload)],
      message: printable(message),
      properties: {
        enforcement,
        ...placeProperties(finding),
        path,
        ...(finding.container === undefined ? {} : { container: printable(finding.container) }),
        ...(title === undefined ? {} : { title }),
        ...(waived === undefined ? {} : { waived: waived.reason, ...(waived.expires === undefined ? {} : { expires: waived.expires }) }),
      },
    },
  };
}

function notCheckedEntry({ object, why, ...place }: NotChecked): Entry {
  return { namespace: object.namespace, result: "skip", fields: { policy: "not-checked", resources: [referenceTo(object)], message: printable(`not checked: ${why}`), properties: placeProperties(place) } };
}

function errorEntry({ message, ...place }: InputError): Entry {
  return { namespace: "", result: "error", fields: { policy: "input", message: printable(message), properties: placeProperties(place) } };
}

function noticeEntry(notice: Problem): Entry {
  const { file = "", line, column } = notice;
  return { namespace: "", result: "skip", fields: { policy: "notice", message: printable(noticeText(notice)), properties: placeProperties({ file, line, column }) } };
}

/** Every value is a text there. */
function placeProperties(place: Place): Record<string, string> {
  return place.file === "" ? {} : { place: printable(placeOf(place)) };
}

function referenceTo({ kind, namespace, name }: ObjectName): Record<string, string> {
  return { kind: printable(kind), ...(namespace === "" ? {} : { namespace }), name: printable(name) };
}
