/** Reads Gatekeeper Constraints of our rules, exactly as they are installed: each asks for its rule with its own parameters and match. */
import { isDeepStrictEqual } from "node:util";
import { CONSTRAINT_GROUP, kindOf } from "../../manifest/constraint-kind.js";
import { isMapping } from "../../manifest/mapping.js";
import { joinPath } from "../../manifest/path.js";
import { readManifest, type ManifestDocument } from "../../manifest/read.js";
import type { RuleManifest, WasmManifest } from "../../wasm/manifest.js";
import { complete } from "../../wasm/parameters.js";
import type { Choice } from "../choose.js";
import { findSources, type Source } from "../input.js";
import { didYouMean, nearest } from "../nearest.js";
import { placeOf, textOf, type Problem } from "../problem.js";
import type { ReportedEnforcement } from "../report.js";
import { unknownRule, type ActiveRule } from "../rules.js";
import { readText } from "../text.js";
import { parameterProblems } from "../validate-parameters.js";
import type { FoundConfig } from "./find.js";
import { readMatch, type Report } from "./match.js";

type Problems = { readonly problems: readonly Problem[] };

const ACTIONS = ["deny", "warn", "dryrun"] as const satisfies readonly ReportedEnforcement[];
const OWN_POINT = "gator.gatekeeper.sh";
const POINTS = [OWN_POINT, "validation.gatekeeper.sh", "audit.gatekeeper.sh", "vap.k8s.io", "*"];

/**
 * The rules that Constraints ask for. What no Constraint asks for is not run.
 * @param text of the file; undefined for a folder
 * @param named ids of the only rules to run
 */
export async function chooseConstraints(
  config: FoundConfig,
  text: string | undefined,
  named: readonly string[],
  cwd: string,
  manifest: WasmManifest,
): Promise<Choice | Problems> {
  const read = text === undefined ? await readFolder(config, cwd) : withErrors(readManifest(text, config.shown));
  const problems: Problem[] = [...read.problems];
  const notices: Problem[] = [];
  const rules: ActiveRule[] = [];
  const seen = new Map<string, ManifestDocument>();
  let constraints = 0;
  for (const document of read.documents) {
    const rule = ruleOf(document, read.documents, manifest.rules, problems, notices);
    if (rule === undefined) continue;
    constraints += 1;
    const identity = JSON.stringify([rule.id, metadataOf(document).name]);
    const known = seen.get(identity);
    seen.set(identity, known ?? document);
    if (known === undefined) rules.push(...readConstraint(document, rule, problems));
    else if (!isDeepStrictEqual(known.object, document.object)) {
      problems.push({ file: document.file, ...document.position("metadata.name"), message: `this Constraint differs from the one of the same name at ${placeOf({ file: known.file, ...known.position("metadata.name") })}` });
    }
  }
  if (problems.length > 0) return { problems };
  if (constraints === 0) return { problems: [{ message: `no Constraint of our rules in \`${config.shown}\``, help: "nothing would be checked" }] };
  return selected(rules, named, { config, notices }, manifest);
}

function selected(rules: readonly ActiveRule[], named: readonly string[], rest: Pick<Choice, "config" | "notices">, manifest: WasmManifest): Choice | Problems {
  const problems = named.flatMap((id): Problem[] => {
    if (!manifest.rules.some((rule) => rule.id === id)) return [unknownRule(id, manifest.rules)];
    return rules.some((rule) => rule.id === id) ? [] : [{ message: `no Constraint asks for rule \`${id}\`` }];
  });
  if (problems.length > 0) return { problems };
  const order = manifest.rules.map(({ id }) => id);
  const active = rules
    .filter(({ id }) => named.length === 0 || named.includes(id))
    .toSorted((one, other) => order.indexOf(one.id) - order.indexOf(other.id) || ((one.constraint ?? "") < (other.constraint ?? "") ? -1 : 1));
  if (active.length > 0) return { rules: active, ...rest };
  return { problems: [{ message: `no Constraint is in force at \`${OWN_POINT}\``, help: `nothing would be checked: name it, or \`*\`, among the \`enforcementPoints\` of a Constraint` }] };
}

interface Read {
  readonly documents: readonly ManifestDocument[];
  readonly problems: readonly Problem[];
}

async function readFolder({ shown }: FoundConfig, cwd: string): Promise<Read> {
  const { sources, problems } = await findSources([shown], { cwd, stdin: nothing() });
  const reads = sources.map(readSource);
  return { documents: reads.flatMap(({ documents }) => documents), problems: [...problems, ...reads.flatMap((read) => read.problems)] };
}

async function* nothing(): AsyncGenerator<never> {
  // a folder is no standard input
}

function readSource(source: Source): Read {
  try {
    return withErrors(readManifest("path" in source ? readText(source.path) : source.text, source.file));
  } catch (error) {
    return { documents: [], problems: [{ file: source.file, message: textOf(error) }] };
  }
}

const withErrors = ({ documents, errors }: ReturnType<typeof readManifest>): Read => ({ documents, problems: errors });

/** The rule that a Constraint asks for. Whatever else a folder of policies holds is left alone; a Constraint of others is told of. */
function ruleOf(document: ManifestDocument, all: readonly ManifestDocument[], rules: readonly RuleManifest[], problems: Problem[], notices: Problem[]): RuleManifest | undefined {
  const { apiVersion, kind } = document.object;
  if (typeof kind !== "string") return undefined;
  const [group, version] = String(apiVersion).split("/");
  const rule = rules.find(({ id }) => kindOf(id) === kind);
  const say = (list: Problem[], path: string, message: string, help?: { readonly help?: string }): void => {
    list.push({ file: document.file, ...document.position(path), message, ...help });
  };
  if (group !== CONSTRAINT_GROUP) {
    if (rule !== undefined) say(problems, "apiVersion", `a ${kind} is of the group \`${CONSTRAINT_GROUP}\`, not \`${String(apiVersion)}\``);
    return undefined;
  }
  if (version !== "v1beta1" && version !== "v1alpha1") say(problems, "apiVersion", `Constraints have the versions \`v1beta1\` and \`v1alpha1\`, not \`${version ?? ""}\``);
  if (rule !== undefined) return rule;
  const kinds = rules.map(({ id }) => kindOf(id));
  const hasTemplate = all.some(({ object }) => object.kind === "ConstraintTemplate" && isMapping(object.metadata) && object.metadata.name === kind.toLowerCase());
  if (!hasTemplate && nearest(kind, kinds) !== undefined) say(problems, "kind", `no rule has the kind \`${kind}\``, didYouMean(kind, kinds));
  else say(notices, "kind", `\`${kind}\` is a Constraint of somebody else's, and is not checked here`);
  return undefined;
}

/** The rule as the Constraint puts it in force: none where it is not meant for tools like this one. */
export function readConstraint(document: ManifestDocument, rule: RuleManifest, problems: Problem[]): ActiveRule[] {
  const found: Problem[] = [];
  const report: Report = (segments, message, help) => {
    found.push({ file: document.file, ...document.position(joinPath("", ...segments)), message, ...help });
  };
  const { object } = document;
  checkKeys(object, ["apiVersion", "kind", "metadata", "spec", "status"], [], report);
  const { name } = metadataOf(document);
  if (typeof name !== "string" || !/^[a-z0-9](?:[-a-z0-9.]{0,61}[a-z0-9])?$/.test(name)) report(["metadata", "name"], "a Constraint needs a name of lower-case letters, digits, `-` and `.`, of at most 63");
  const spec = object.spec ?? {};
  if (!isMapping(spec)) {
    report(["spec"], "the spec of a Constraint must be a mapping");
    problems.push(...found);
    return [];
  }
  checkKeys(spec, ["enforcementAction", "scopedEnforcementActions", "match", "parameters"], ["spec"], report);
  const match = readMatch(spec.match, (segments, message, help) => report(["spec", "match", ...segments], message, help));
  const parameters = readParameters(rule, spec.parameters ?? {}, report);
  const enforcement = readAction(spec, report);
  problems.push(...found);
  if (found.length > 0 || enforcement === undefined || typeof name !== "string") return [];
  const { id, severity, reviews, needs } = rule;
  return [{ id, constraint: name, severity, enforcement, parameters, ...(match === undefined ? {} : { match }), reviews, needs }];
}

function readParameters(rule: RuleManifest, given: unknown, report: Report): ActiveRule["parameters"] {
  if (!isMapping(given)) {
    report(["spec", "parameters"], `the parameters of rule \`${rule.id}\` must be a mapping`);
    return {};
  }
  const parameters = complete(rule.parameters, given);
  for (const { segments, message, ...help } of parameterProblems(rule, parameters)) report(["spec", "parameters", ...segments], message, help);
  return parameters;
}

/** What the Constraint does with a finding of a tool like this one; undefined where it does nothing. Of several actions the strictest counts. */
function readAction(spec: Readonly<Record<string, unknown>>, report: Report): ReportedEnforcement | undefined {
  const action = spec.enforcementAction ?? "deny";
  if (isAction(action)) return action;
  if (action !== "scoped") {
    report(["spec", "enforcementAction"], `enforcementAction is ${JSON.stringify(action)}, not one of \`deny\`, \`warn\`, \`dryrun\`, \`scoped\``, typeof action === "string" ? didYouMean(action, [...ACTIONS, "scoped"]) : {});
    return undefined;
  }
  const { scopedEnforcementActions: entries } = spec;
  if (!Array.isArray(entries)) {
    report(["spec", "enforcementAction"], "enforcementAction `scoped` needs a list `scopedEnforcementActions`");
    return undefined;
  }
  const own = entries.flatMap((entry: unknown, index): ReportedEnforcement[] => readScoped(entry, (segments, message, help) => report(["spec", "scopedEnforcementActions", index, ...segments], message, help)));
  return ACTIONS.find((each) => own.includes(each));
}

/** The action of an entry that names our point of enforcement. */
function readScoped(entry: unknown, report: Report): ReportedEnforcement[] {
  if (!isMapping(entry)) {
    report([], "a scoped action must be a mapping with `action` and `enforcementPoints`");
    return [];
  }
  checkKeys(entry, ["action", "enforcementPoints"], [], report);
  const { action, enforcementPoints: points } = entry;
  if (!isAction(action)) report(["action"], `the action is ${JSON.stringify(action)}, not one of \`deny\`, \`warn\`, \`dryrun\``, typeof action === "string" ? didYouMean(action, ACTIONS) : {});
  if (!Array.isArray(points) || points.length === 0) {
    report(["enforcementPoints"], "a scoped action needs a list `enforcementPoints`");
    return [];
  }
  const names = points.map((point: unknown, index) => {
    const name = isMapping(point) ? point.name : undefined;
    if (typeof name !== "string" || !POINTS.includes(name)) {
      report(["enforcementPoints", index], `${JSON.stringify(name ?? null)} is no point of enforcement`, typeof name === "string" ? didYouMean(name, POINTS) : {});
    }
    return name;
  });
  return isAction(action) && (names.includes(OWN_POINT) || names.includes("*")) ? [action] : [];
}

function isAction(value: unknown): value is ReportedEnforcement {
  return ACTIONS.some((each) => each === value);
}

function metadataOf({ object }: ManifestDocument): Readonly<Record<string, unknown>> {
  return isMapping(object.metadata) ? object.metadata : {};
}

function checkKeys(map: Readonly<Record<string, unknown>>, known: readonly string[], path: readonly (string | number)[], report: Report): void {
  for (const key of Object.keys(map)) {
    if (!known.includes(key)) report([...path, key], `unknown field \`${key}\``, didYouMean(key, known));
  }
}
