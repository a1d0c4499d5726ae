import type { Limits } from "./fields.js";
import type { Fix } from "./fix.js";
import type { Matcher } from "./matcher.js";
import type { Review, Reviews, ViewTypes } from "./view.js";

export type Severity = "high" | "medium" | "low";

/** What a finding of the rule does unless the person who installs it says otherwise. */
export type Enforcement = "deny" | "warn";

/** A place in the object under review. Made by `at`. */
export interface Location {
  /** Path from the object's root: `spec.template.spec.containers[0].image`. */
  readonly path: string;
}

/** What a rule yields: where, and one line that says what is wrong, why it matters and what to write instead. */
export interface Violation {
  readonly path: string;
  readonly message: string;
}

/** The parameter that every rule on workloads has besides its own. */
export interface Exemptions {
  /**
   * Workloads that this rule leaves alone. Only `namespace` and `serviceAccountName` are safe from
   * the author of a workload: names, kinds and owner references are written by the author.
   * @maxItems 64
   * @default []
   */
  readonly exempt: readonly Matcher[];
}

/** The parameters of a rule that has none. */
// eslint-disable-next-line @typescript-eslint/no-generated-empty-object-type -- no parameters is just that
export type NoParameters = Readonly<Record<never, never>>;

/** One rule. The generator reads it from the source file: every field must be a literal, every function of the subset. */
export interface RuleDefinition<Params extends object = NoParameters> {
  /** kebab-case, equal to the file's name; the Gatekeeper kind is the same in PascalCase. */
  readonly id: string;
  /** One line: the sentence that the rule enforces. */
  readonly title: string;
  readonly severity: Severity;
  readonly enforcement: Enforcement;
  /** What the rule looks at; `workloads` where absent. A rule on Namespaces is given `namespace`, and no `workload` and `pod`. */
  readonly reviews?: Reviews;
  /** `none` for a rule whose own parameters say who is let off; it gets no `exempt`. */
  readonly exemptions?: "exempt" | "none";
  /** Lower bounds on the object's lists than the view's own (`defaultLimits`), where the rule compares elements with each other. */
  readonly limits?: Partial<Limits>;
  /** How its findings at one field are fixed: what to write in place of what. */
  readonly fix?: Fix;
  /** Which objects the rule speaks about; all where absent. Decided before the bounds on lists. */
  applies?(review: Review): boolean;
  /** Yields each violation once, in the order in which a reader should see them. */
  check(review: Review, params: Params): Generator<Violation, void, undefined>;
}

/** Declares a rule. The rule file's default export is what this returns. */
export function defineRule<Params extends object = NoParameters>(rule: RuleDefinition<Params>): RuleDefinition<Params> {
  return rule;
}

/** A violation at a place; the message is one line. */
export function violation(location: Location, message: string): Violation {
  return { path: location.path, message };
}

/** Tells the path of a record, or of one of its fields. */
export type Locator = (field?: string) => string;

export const isLocator = (value: unknown): value is Locator => typeof value === "function";

type ViewRecord = ViewTypes[keyof ViewTypes];
type FieldOf<Record> = keyof Record & string;

/** Looks up where a record of the view lies; set by the builder of the view (manifest/view.ts). */
export const locate = Symbol("locate");

/**
 * The place of a record of the view, of one of its fields, of one element of a list of texts, or of one entry of a map.
 * @throws TypeError if `record` is not a record of a view
 */
export function at<Record extends ViewRecord>(record: Record, field?: FieldOf<Record>, entry?: number | string): Location {
  const locator: unknown = Reflect.get(record, locate);
  if (!isLocator(locator)) throw new TypeError("`at` needs a record of the view");
  const path = locator(field);
  if (entry === undefined) return { path };
  return { path: `${path}[${typeof entry === "number" ? String(entry) : `"${entry}"`}]` };
}
