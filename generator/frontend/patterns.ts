import { RegExpParser, RegExpSyntaxError, visitRegExpAST, type AST } from "@eslint-community/regexpp";
import { reject } from "./scope.js";
import type { ts } from "./typescript.js";

const onlyCommon = "use only what JavaScript and RE2 read alike: literals, `[…]`, `(…)`, `|`, `*`, `+`, `?`, `{n,m}`, `^`, `$`";

/**
 * Checks that a regular expression means the same in JavaScript, in RE2 (Rego, CEL) and in OPA's wasm.
 * @throws CompileError at `node` where it does not
 */
export function checkPattern(node: ts.Node, pattern: string, flags: string): void {
  // Code points are what the engines match; JavaScript matches UTF-16 units without the flag `u`.
  const matchesCodePoints = flags === "u";
  if (flags !== "" && !matchesCodePoints) reject(node, `the flag \`${flags}\` of a regular expression is not in the subset`, "write both cases out: `[Aa]`");
  const forbid = (what: string): never => reject(node, `${what} in a regular expression differs between engines`, onlyCommon);
  const needsCodePoints = (): void => {
    if (!matchesCodePoints) reject(node, "a negated class without the flag `u` sees half a character where the engines see a whole one", "write `/…/u`");
  };
  const parsed = parse(node, pattern);
  let repetitions = 1;
  visitRegExpAST(parsed, {
    onAssertionEnter(assertion) {
      if (assertion.kind === "lookahead" || assertion.kind === "lookbehind") forbid("a look-around");
      if (assertion.kind === "word") forbid("`\\b`");
    },
    onBackreferenceEnter: () => forbid("a back-reference"),
    onCapturingGroupEnter(group) {
      if (group.name !== null) forbid("a named group");
    },
    onCharacterClassEnter(set) {
      if (set.elements.length === 0) forbid("an empty class");
      if (set.negate) needsCodePoints();
      if (/(?<!\\)\[:/.test(set.raw.slice(1))) forbid("`[:` in a class");
    },
    onCharacterSetEnter(set) {
      if (set.kind === "any") forbid("`.` (JavaScript stops at more line ends)");
      if ((set.kind === "digit" || set.kind === "word") && set.negate) needsCodePoints();
      if (set.kind === "space") forbid("`\\s`");
      if (set.kind === "property") forbid("`\\p{…}`");
    },
    onQuantifierEnter(quantifier) {
      repetitions *= countOf(quantifier);
      if (repetitions > MAX_REPETITIONS) forbid("a repetition above 1,000");
    },
    onQuantifierLeave(quantifier) {
      repetitions /= countOf(quantifier);
    },
    onCharacterEnter(character) {
      if (/^\\(b|c|0|u|x)/.test(character.raw)) forbid(`\`${character.raw}\``);
      if (character.value > 0x7f) forbid(`\`${character.raw}\``);
    },
  });
}

/** JavaScript reads what is no syntax of its own as it stands (`a{`, `\q`), the engines refuse it or read more into it. */
function parse(node: ts.Node, pattern: string): AST.Pattern {
  try {
    return new RegExpParser({ ecmaVersion: 2022, strict: true }).parsePattern(pattern);
  } catch (error) {
    if (!(error instanceof RegExpSyntaxError)) throw error;
    return reject(node, "this regular expression is read differently by the engines", "escape `{`, `}` and `]` where they stand for themselves, and no letters or digits");
  }
}

/** RE2 writes counted repetitions out, those inside each other as well, and refuses more than this. */
const MAX_REPETITIONS = 1000;

/** How often a counted repetition stands for its element. */
const countOf = ({ min, max }: AST.Quantifier): number => Math.max(1, max === Infinity ? min : max);
