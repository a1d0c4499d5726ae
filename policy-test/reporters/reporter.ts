/** The formats of a report. Each is a file of its own here, loaded where it is asked for. */
import type { RuleManifest } from "../../wasm/manifest.js";
import type { FailOn, Report } from "../report.js";

/** What a reporter is told beside the report. */
export interface ReportContext {
  /** What is known of the rules, by id. */
  readonly rules: ReadonlyMap<string, RuleManifest>;
  /** Version of this package. */
  readonly version: string;
  readonly failOn: FailOn;
  /** Whether people want to see only what makes the run fail. */
  readonly quiet: boolean;
  /** How many findings people want to see. Formats for programs have them all. */
  readonly maxFindings?: number;
  /** Whether people want the explanation of each rule that has found something. */
  readonly explain: boolean;
  readonly colours: boolean;
}

/** The whole text of a report, with a line break at its end; empty where there is nothing to say. */
export type Reporter = (report: Report, context: ReportContext) => string;

interface Format {
  /** Whether it shows lines of the files. */
  readonly hasExcerpts: boolean;
  /** Where the diff of `--fix --dry-run` is, when the report goes to standard output: in the report, beside it on the other stream, or nowhere. */
  readonly diff: "within" | "beside" | "none";
  readonly load: () => Promise<Reporter>;
}

const FORMATS = {
  text: { hasExcerpts: true, diff: "beside", load: async () => (await import("./text.js")).formatText },
  compact: { hasExcerpts: false, diff: "beside", load: async () => (await import("./compact.js")).formatCompact },
  json: { hasExcerpts: false, diff: "within", load: async () => (await import("./json.js")).formatJson },
  junit: { hasExcerpts: false, diff: "none", load: async () => (await import("./junit.js")).formatJunit },
  sarif: { hasExcerpts: true, diff: "none", load: async () => (await import("./sarif.js")).formatSarif },
  github: { hasExcerpts: false, diff: "none", load: async () => (await import("./github.js")).formatGithub },
  policyreport: { hasExcerpts: false, diff: "none", load: async () => (await import("./policyreport.js")).formatPolicyReport },
  markdown: { hasExcerpts: false, diff: "beside", load: async () => (await import("./markdown.js")).formatMarkdown },
} as const satisfies Record<string, Format>;

export type FormatName = keyof typeof FORMATS;

export const formats: Readonly<Record<FormatName, Format>> = FORMATS;

export function isFormat(name: string): name is FormatName {
  return Object.hasOwn(formats, name);
}
