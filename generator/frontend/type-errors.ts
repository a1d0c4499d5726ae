import { ts } from "./typescript.js";
import type { Unsupported } from "./unsupported.js";

/** What a rule's author should do about an error of TypeScript's own, whose advice is for programs that run by themselves. */
const advice: readonly { readonly codes: readonly number[]; readonly pattern?: RegExp; readonly help: string }[] = [
  // Names and modules of Node and of browsers.
  { codes: [2580, 2584, 2591], help: "a rule sees only what it is given: import the kit, `hostnetwork-policies`, and files beside the rule" },
  { codes: [2307], help: "import the kit, `hostnetwork-policies`, or a file beside the rule: `./helper.js` for `helper.ts`" },
  { codes: [2322], pattern: /to type '\(review: .* => Generator<Violation, /, help: "`check` is a generator that yields each violation: `*check({ pod }, params) { … }`, without `async`" },
  { codes: [2339], help: "a rule reads what the kit has: policies/kit/view.ts lists the fields" },
];

/** An error of TypeScript's in the words of this compiler. */
export function describeTypeError({ code, messageText }: ts.Diagnostic): Unsupported {
  const text = ts.flattenDiagnosticMessageText(messageText, "\n");
  const found = advice.find(({ codes, pattern }) => codes.includes(code) && pattern?.test(text) !== false);
  return {
    what: `${text.replace(/ (?:Do you need to|Try) .*$/s, "")} (TypeScript ${String(code)})`,
    help: found?.help ?? "a rule must type-check before it can be compiled",
  };
}
