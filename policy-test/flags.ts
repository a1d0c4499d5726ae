/** The flags of `policy-test PATHS`, in the order and under the headings in which `--help` shows them. */
import { InvalidArgumentError, Option } from "commander";
import { engineNames, type EngineName } from "./engine.js";
import { DEFAULT_CONFIG } from "./io.js";
import type { FailOn } from "./report.js";
import { formats } from "./reporters/reporter.js";

/** What the flags say; those that `run` takes as they are have the names of its options. */
export interface CheckFlags {
  readonly config?: string;
  readonly bundle?: string;
  readonly rule?: readonly string[];
  readonly engine: EngineName;
  readonly compiled?: string;
  readonly namespace?: string;
  /** As written: `sarif`, `sarif=out.sarif`. */
  readonly format?: readonly string[];
  readonly o?: readonly string[];
  readonly output?: string;
  readonly failOn: FailOn;
  readonly maxFindings?: number;
  readonly quiet?: true;
  readonly verbose?: true;
  readonly explain?: true;
  readonly jobs?: number;
  readonly inventory?: readonly string[];
  readonly base?: string;
  readonly changedOnly?: boolean;
  readonly allowAnnotations?: true;
  readonly fix?: true;
  readonly dryRun?: true;
  readonly strictFiles?: true;
  readonly requireWorkloads?: true;
  readonly watch?: true;
}

export const checkFlags: Readonly<Record<string, readonly Option[]>> = {
  "Rules:": [
    new Option("-c, --config <file>", `settings of the rules, or Gatekeeper Constraints in a file or folder (default: the nearest ${DEFAULT_CONFIG})`),
    new Option("-b, --bundle <bundle>", "run the rules of this bundle with its settings; the config applies on top"),
    repeatable("-r, --rule <rule>", "run only this rule"),
    new Option("--allow-annotations", "let annotations of the manifests waive findings"),
    new Option("--compiled <folder>", "run the rules that the compiler wrote there, its wasm/, and not those of the library"),
    new Option("--engine <engine>", "run the compiled rules or their source").choices(engineNames).default("wasm"),
  ],
  "Input:": [
    parsed("-n, --namespace <name>", "namespace of objects that name none (default: default)", namespaceName),
    repeatable("--inventory <path>", "rest of the cluster, seen by the rules but not checked"),
    new Option("--base <path>", "folder or file with the state before the change, to find what only an update can violate"),
    new Option("--changed-only", "say only what the change from --base brings"),
    new Option("--strict-files", "fail at templates of Helm charts and at documents that are no Kubernetes objects, which are else passed over and counted"),
    new Option("--require-workloads", "fail where a path holds no workload"),
    new Option("-w, --watch", "check again whenever a file changes, until ctrl-c"),
    parsed("-j, --jobs <number>", "threads to check with (default: as many as help)", threads),
  ],
  "Output:": [
    repeatable("-f, --format <format[=file]>", `how to write the report: ${Object.keys(formats).join(", ")} (default: text on a terminal, else compact)`),
    repeatable("-o <format[=file]>", "the same, as kubectl and gator have it"),
    new Option("--output <file>", "write the report to this file and not to standard output"),
    new Option("-q, --quiet", "show only what makes the run fail, and nothing where nothing does"),
    new Option("-v, --verbose", "say on standard error which config, rules and files are used"),
    new Option("--explain", "append what each rule that has found something is for"),
    parsed("--max-findings <number>", "show so many findings, the most serious; the exit code is that of all", wholeNumber),
    new Option("--fail-on <enforcement>", "findings that make the exit code 1: those that deny, those that warn as well, or none").choices(["deny", "warn", "never"]).default("deny"),
  ],
  "Fixes:": [
    new Option("--fix", "fix in the files what can be fixed, and report what remains"),
    new Option("--dry-run", "with --fix: write nothing and print a unified diff; what remains goes to standard error"),
  ],
};

/** A flag that may be given several times; its value is a list. */
function repeatable(flags: string, description: string): Option {
  return parsed(flags, `${description}; may be given several times`, (value, previous: readonly string[] = []) => [...previous, value]);
}

function parsed<T>(flags: string, description: string, parse: (value: string, previous: T | undefined) => T): Option {
  return new Option(flags, description).argParser<T>((value, previous) => parse(value, previous));
}

/** @throws InvalidArgumentError for what no namespace can be called (RFC 1123 label) */
function namespaceName(value: string): string {
  if (/^[a-z0-9](?:[-a-z0-9]{0,61}[a-z0-9])?$/.test(value)) return value;
  throw new InvalidArgumentError("a namespace has lower-case letters, digits and -");
}

/** @throws InvalidArgumentError for anything but a whole number */
function wholeNumber(value: string): number {
  if (/^[0-9]{1,9}$/.test(value)) return Number(value);
  throw new InvalidArgumentError("it must be a whole number");
}

/** @throws InvalidArgumentError for anything but a whole number from 1 */
function threads(value: string): number {
  if (/^[1-9][0-9]{0,2}$/.test(value)) return Number(value);
  throw new InvalidArgumentError("a number of threads is 1 or more");
}
