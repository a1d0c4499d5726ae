/** Asks `gator test` and `policy-test --config` about the same Constraints and objects, and says both answers in one form. */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Readable } from "node:stream";
import { requireEngine } from "../../engines/index.js";
import { isObject } from "../../generator/schema/json.js";
import { kindOf } from "../../manifest/constraint-kind.js";
import { MAX_TEXT_BYTES, tooLongMessage } from "../../policies/kit/frame.js";
import { main } from "../../policy-test/cli.js";
import { objectsIn, valueAt } from "../json.js";
import { library } from "../library-files.js";
import { documents, execute, withFiles } from "./process.js";

export type Language = "Rego" | "CEL";

/** What is said of one object by one Constraint. */
export interface Said {
  /** Kind and name of the Constraint. */
  readonly constraint: string;
  /** Number of the object. */
  readonly object: number;
  readonly action: string;
  readonly texts: readonly string[];
}

export interface Agreement {
  readonly gator: readonly Said[];
  readonly policyTest: readonly Said[];
  /** Numbers of objects that no API server would take, which policy-test says instead of checking them; gator is not given them. */
  readonly invalid: readonly number[];
  /** Whether each of them says by its exit code that something would be denied; undefined where policy-test could not check everything. */
  readonly denies: { readonly gator: boolean; readonly policyTest: boolean | undefined };
}

/** Stands for gator's automatic rejection and for our error: the Namespace whose labels decide is not known. */
export const UNDECIDED = "(the Namespace is not known)";

/** @param rules ids of the rules whose templates are installed */
export async function ask(language: Language, rules: readonly string[], constraints: readonly object[], objects: readonly object[]): Promise<Agreement> {
  const files = new Map([
    ["constraints/templates.yaml", rules.map((id) => readFileSync(join(library, "gatekeeper", id, "template.yaml"), "utf8")).join("---\n")],
    ["constraints/constraints.yaml", documents(constraints)],
    ["objects.yaml", documents(objects)],
  ]);
  return withFiles(files, async (folder) => {
    const own = await policyTest(folder);
    const invalid = [...new Set(objectsIn(valueAt(own.report, "inputErrors")).filter((error) => undecidedBy(error) === undefined).map(numberOf))];
    // In no cluster, and so nobody's neighbour.
    writeFileSync(join(folder, "valid.yaml"), documents(objects.filter((_, number) => !invalid.includes(number))));
    const given = ["test", "-f", "constraints", "-f", "valid.yaml", "--output", "json", `--enable-k8s-native-validation=${String(language === "CEL")}`];
    const { status, stdout, stderr } = await execute(requireEngine("gator").path, given, folder);
    const results: unknown = stdout.startsWith("[") || stdout.startsWith("null") ? JSON.parse(stdout) : undefined;
    if (results === undefined) throw new Error(`gator test: ${stdout}${stderr}`);
    return {
      gator: sorted(gatorSays(objectsIn(results), objects)),
      policyTest: sorted(policyTestSays(own.report, language)),
      invalid,
      denies: { gator: status === 1, policyTest: own.code === 2 ? undefined : own.code === 1 },
    };
  });
}

async function policyTest(cwd: string): Promise<{ readonly code: number; readonly report: unknown }> {
  let printed = "";
  let complaints = "";
  const io = { stdout: { write: (text: string) => (printed += text) }, stderr: { write: (text: string) => (complaints += text) }, stdin: Readable.from([]), env: {}, cwd };
  const code = await main(["--config", "constraints", "--format", "json", "objects.yaml"], io);
  if (complaints !== "") throw new Error(complaints);
  return { code, report: JSON.parse(printed) };
}

function gatorSays(results: readonly unknown[], objects: readonly object[]): Said[] {
  const numbers = new Map<string, number[]>();
  for (const [number, object] of objects.entries()) numbers.set(canonical(object), [...(numbers.get(canonical(object)) ?? []), number]);
  return results.flatMap((result): Said[] => {
    const message = String(valueAt(result, "msg"));
    const path = valueAt(result, "metadata", "details", "path");
    const action = String(valueAt(result, "enforcementAction"));
    const scoped = valueAt(result, "scopedActions");
    const actions = Array.isArray(scoped) ? scoped.map(String) : [];
    const text = message.includes("but missing Namespace") ? UNDECIDED : typeof path === "string" ? `${path}: ${message}` : message;
    const constraint = `${String(valueAt(result, "constraint", "kind"))}/${String(valueAt(result, "constraint", "metadata", "name"))}`;
    return (numbers.get(canonical(valueAt(result, "violatingObject"))) ?? []).map((object) => ({
      constraint,
      object,
      action: text === UNDECIDED ? "" : action === "scoped" ? (["deny", "warn", "dryrun"].find((each) => actions.includes(each)) ?? "") : action,
      texts: [text],
    }));
  });
}

function policyTestSays(report: unknown, language: Language): Said[] {
  const findings = objectsIn(valueAt(report, "findings")).map((finding): Said => {
    const rule = String(finding["rule"]);
    const text = isInCel(rule, language) ? String(finding["message"]) : `${String(finding["path"])}: ${String(finding["message"])}`;
    return { constraint: `${kindOf(rule)}/${String(finding["constraint"])}`, object: numberOf(finding), action: String(finding["enforcement"]), texts: [text] };
  });
  const undecided = objectsIn(valueAt(report, "inputErrors")).flatMap((error): Said[] => {
    const constraint = undecidedBy(error);
    return constraint === undefined ? [] : [{ constraint, object: numberOf(error), action: "", texts: [UNDECIDED] }];
  });
  return [...findings, ...undecided];
}

function undecidedBy(error: unknown): string | undefined {
  const [, constraint, rule] = /^Constraint `(.*)` of rule `(.*)` selects Namespaces by their labels/.exec(String(valueAt(error, "message"))) ?? [];
  return constraint === undefined || rule === undefined ? undefined : `${kindOf(rule)}/${constraint}`;
}

/** `documents` writes each object on a line of its own, and a separator between two. */
const numberOf = (place: unknown): number => (Number(valueAt(place, "line")) - 1) / 2;

/** Whether a template's CEL is run, which gives one text for all findings. */
export function isInCel(rule: string, language: Language): boolean {
  return language === "CEL" && readFileSync(join(library, "gatekeeper", rule, "template.yaml"), "utf8").includes("engine: K8sNativeValidation");
}

/** One entry for each Constraint and object, the texts in order and each once. */
function sorted(all: readonly Said[]): Said[] {
  const byKey = new Map<string, Said>();
  for (const said of all) {
    const key = JSON.stringify([said.constraint, said.object]);
    byKey.set(key, { ...said, texts: [...new Set([...(byKey.get(key)?.texts ?? []), ...said.texts])].toSorted() });
  }
  return [...byKey.entries()].toSorted(([one], [other]) => (one < other ? -1 : 1)).map(([, said]) => said);
}

/** What policy-test says, put as gator's CEL puts it, where that is the same in other words; the words of policy-test where it is not. */
export function joinedAs(own: Said, gator: Said | undefined): Said {
  const [id = ""] = own.constraint.split("/");
  const rule = id.replace(/(?<!^)([A-Z])/g, "-$1").toLowerCase();
  const [text, ...more] = gator?.texts ?? [];
  if (text === undefined || more.length > 0 || own.texts.includes(UNDECIDED)) return own;
  const isLong = Buffer.byteLength(own.texts.join("; ")) > MAX_TEXT_BYTES;
  return (isLong && text === tooLongMessage(rule)) || isJoinOf(text, own.texts) ? { ...own, texts: [text] } : own;
}

/** Whether the text is these messages in some order, with "; " between them: the report orders them by place, the policy as the rule does. */
export function isJoinOf(text: string, messages: readonly string[]): boolean {
  return messages.some((message, index) => {
    if (messages.indexOf(message) !== index) return false; // tried already
    const rest = messages.toSpliced(index, 1);
    if (rest.length === 0) return text === message;
    return text.startsWith(`${message}; `) && isJoinOf(text.slice(message.length + 2), rest);
  });
}

function canonical(value: unknown): string {
  return JSON.stringify(value, (_, part: unknown) => (isObject(part) ? Object.fromEntries(Object.entries(part).toSorted(([one], [other]) => (one < other ? -1 : 1))) : part));
}
