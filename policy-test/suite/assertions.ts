/** What a case of a Gatekeeper Suite says of its violations, judged as `gator verify` judges it. */
import { RE2JS } from "re2js";

export interface Assertion {
  /** How many violations fit, or whether any do. YAML 1.1, which Kubernetes reads, takes a plain `yes` for true. */
  readonly violations?: number | string | boolean;
  /** A regular expression of Go that fits a part of the message. */
  readonly message?: string;
}

/** Why an assertion does not hold; undefined where it does. */
export type Failure = string | undefined;

/** @throws Error for an assertion that says nothing that can be judged */
export function judge({ violations = "yes", message }: Assertion, messages: readonly string[]): Failure {
  const fits = message === undefined ? undefined : patternOf(message);
  const matching = messages.filter((text) => fits?.(text) ?? true).length;
  const found = `${String(matching)} ${matching === 1 ? "violation" : "violations"}${message === undefined ? "" : ` with a message like ${JSON.stringify(message)}`}`;
  if (violations === "no" || violations === false) return matching === 0 ? undefined : `${found}, but none is wanted`;
  if (violations === "yes" || violations === true) return matching > 0 ? undefined : `${found}, but one at least is wanted`;
  if (typeof violations === "number" && Number.isInteger(violations) && violations >= 0) return matching === violations ? undefined : `${found}, but exactly ${String(violations)} wanted`;
  throw new Error(`violations is \`${String(violations)}\`; it must be \`yes\`, \`no\` or a whole number`);
}

/** @throws Error for what is no regular expression in Go */
export function patternOf(pattern: string): (text: string) => boolean {
  try {
    const compiled = RE2JS.compile(pattern);
    return (text) => compiled.matcher(text).find();
  } catch (error) {
    throw new Error(`\`${pattern}\` is no regular expression of Go: ${error instanceof Error ? error.message : String(error)}`, { cause: error });
  }
}
