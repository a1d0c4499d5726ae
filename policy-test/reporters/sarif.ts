import { createHash } from "node:crypto";
import { isAbsolute } from "node:path";
import { pathToFileURL } from "node:url";
import type { RuleManifest } from "../../wasm/manifest.js";
import type { Problem } from "../problem.js";
import { exitCodeOf, type Finding, type InputError, type NotChecked, type Report } from "../report.js";
import { describePlace, describeWaiver, noticeText } from "./message.js";
import type { Place } from "./places.js";
import type { ReportContext } from "./reporter.js";

type Json = Readonly<Record<string, unknown>>;

/** All objects of a list may stand in one line: it would be repeated for each finding. */
const LONGEST_SNIPPET = 500;

/** The report as SARIF 2.1.0, which code scanning of GitHub and others take in. */
export function formatSarif(report: Report, context: ReportContext): string {
  const ids = [...new Set([...report.rules, ...report.findings.map(({ rule }) => rule)])].sort();
  const fingerprints = createFingerprints();
  const run: Json = {
    tool: { driver: { name: "policy-test", semanticVersion: context.version, version: context.version, rules: ids.map((id) => ruleOf(id, context.rules.get(id))) } },
    columnKind: "utf16CodeUnits",
    invocations: [
      {
        executionSuccessful: report.inputErrors.length === 0,
        exitCode: exitCodeOf(report, context.failOn),
        toolExecutionNotifications: [
          ...report.inputErrors.map((error) => errorNotification(error, report)),
          ...report.notChecked.map((object) => notCheckedNotification(object, report)),
          ...(report.notices ?? []).map((notice) => noticeNotification(notice, report)),
        ],
      },
    ],
    artifacts: report.files.map((file) => ({ location: artifactLocation(file) })),
    results: report.findings.map((finding) => resultOf(finding, ids.indexOf(finding.rule), report, fingerprints(finding))),
  };
  const log: Json = { version: "2.1.0", $schema: "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json", runs: [run] };
  return `${JSON.stringify(log, null, 2)}\n`;
}

const LEVELS = { deny: "error", warn: "warning", dryrun: "note", off: "none" } as const;

function ruleOf(id: string, rule: RuleManifest | undefined): Json {
  if (rule === undefined) return { id };
  const { title, description, severity, enforcement } = rule;
  const more = `\`policy-test explain ${id}\` shows its parameters.`;
  return {
    id,
    name: id.replace(/(?:^|-)([a-z])/g, (_, letter: string) => letter.toUpperCase()),
    shortDescription: { text: title },
    fullDescription: { text: description },
    help: { text: `${description}\n\n${more.replaceAll("`", "")}`, markdown: `**${title}**\n\n${description}\n\n${more}` },
    defaultConfiguration: { level: LEVELS[enforcement] },
    properties: { severity, tags: ["kubernetes", "hostNetwork"] },
  };
}

function resultOf(finding: Finding, ruleIndex: number, report: Report, fingerprint: string): Json {
  const { rule, constraint, severity, enforcement, message, waived, workload, container, path } = finding;
  return {
    ruleId: rule,
    ruleIndex,
    level: LEVELS[enforcement],
    message: { text: plain(message) },
    locations: [
      {
        ...locationOf(finding, report),
        logicalLocations: [{ name: workload.name, fullyQualifiedName: describePlace(finding), kind: "resource" }],
      },
    ],
    partialFingerprints: { "policyTest/v1": fingerprint },
    // Where one result has such a list, all must have one.
    suppressions: waived === undefined ? [] : [{ kind: "external", status: "accepted", justification: describeWaiver(waived) }],
    properties: {
      severity,
      enforcement,
      path,
      ...(constraint === undefined ? {} : { constraint }),
      ...(container === undefined ? {} : { container }),
    },
  };
}

/** What a result is whatever its line and words: the rule, the object and the field in it. A second one of these has a number. */
function createFingerprints(): (finding: Finding) => string {
  const seen = new Map<string, number>();
  return ({ rule, constraint = "", file, workload: { kind, namespace, name }, path }) => {
    const hash = createHash("sha256").update(JSON.stringify([rule, constraint, file, kind, namespace, name, path])).digest("hex").slice(0, 32);
    const number = (seen.get(hash) ?? 0) + 1;
    seen.set(hash, number);
    return `${hash}:${String(number)}`;
  };
}

function errorNotification({ message, ...place }: InputError, report: Report): Json {
  return { level: "error", message: { text: plain(message) }, ...notifiedAt(place, report) };
}

function notCheckedNotification({ object, why, ...place }: NotChecked, report: Report): Json {
  return { level: "warning", message: { text: plain(`not checked: ${describePlace({ workload: object })}: ${why}`) }, ...notifiedAt(place, report) };
}

function noticeNotification(notice: Problem, report: Report): Json {
  const { file = "", line, column } = notice;
  return { level: "note", message: { text: plain(noticeText(notice)) }, ...notifiedAt({ file, line, column }, report) };
}

/** A message makes links of `[text](address)`; ours has none, so this is from a manifest. */
function plain(text: string): string {
  return text.replaceAll("](", "] (");
}

function notifiedAt(place: Place, report: Report): Json {
  return place.file === "" ? {} : { locations: [locationOf(place, report)] };
}

function locationOf({ file, line, column }: Place, { excerpts }: Report): Json {
  const known = line === undefined ? undefined : excerpts?.get(file)?.get(line);
  const text = known === undefined || known.length > LONGEST_SNIPPET ? undefined : known;
  const region = line === undefined ? {} : { region: { startLine: line, startColumn: column ?? 1, ...(text === undefined ? {} : { snippet: { text } }) } };
  return { physicalLocation: { artifactLocation: artifactLocation(file), ...region } };
}

/** A path as a URI. Code scanning finds files by URIs that are relative to the root of the repository. */
function artifactLocation(file: string): Json {
  const path = file.replace(/\p{Cs}/gu, "\ufffd");
  if (isAbsolute(path)) return { uri: pathToFileURL(path).href };
  return { uri: path.split("/").map((part) => encodeURIComponent(part)).join("/"), uriBaseId: "%SRCROOT%" };
}
