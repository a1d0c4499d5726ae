import { RegExpParser, visitRegExpAST } from "@eslint-community/regexpp";
import { reject } from "./scope.js";
import type { ts } from "./typescript.js";

const onlyCommon = "use only what JavaScript and RE2 read alike: literals, `[…]`, `(…)`, `|`, `*`, `+`, `?`, `{n,m}`, `^`, `$`";

/**
 * Checks that a regular expression means the same in JavaScript, in RE2 (Rego, CEL) and in OPA's wasm.
 * @throws CompileError at `node` where it does not
 */
export function checkPattern(node: ts.Node, pattern: string, flags: string): void {
  if (flags !== "") reject(node, `the flag \`${flags}\` of a regular expression is not in the subset`, "write both cases out: `[Aa]`");
  const parsed = new RegExpParser({ ecmaVersion: 2022 }).parsePattern(pattern);
  const forbid = (what: string): never => reject(node, `${what} in a regular expression differs between engines`, onlyCommon);
  visitRegExpAST(parsed, {
    onAssertionEnter(assertion) {
      if (assertion.kind === "lookahead" || assertion.kind === "lookbehind") forbid("a look-around");
      if (assertion.kind === "word") forbid("`\\b`");
    },
    onBackreferenceEnter: () => forbid("a back-reference"),
    onCapturingGroupEnter(group) {
      if (group.name !== null) forbid("a named group");
    },
    onCharacterSetEnter(set) {
      if (set.kind === "any") forbid("`.` (JavaScript stops at more line ends)");
      if (set.kind === "space") forbid("`\\s`");
      if (set.kind === "property") forbid("`\\p{…}`");
    },
    onQuantifierEnter(quantifier) {
      if (quantifier.max !== Infinity && quantifier.max > 1000) forbid("a repetition above 1,000");
    },
    onCharacterEnter(character) {
      if (/^\\(c|0|u|x)/.test(character.raw)) forbid(`\`${character.raw}\``);
      if (character.value > 0x7f) forbid(`\`${character.raw}\``);
    },
  });
}
