/** What the compiler view shows of a rule: plain data, made when the site is built, and by the worker for what is typed. */
import type { CompiledRule, SourceStatement } from "../../generator/compiled.js";
import type { Origin, Traced } from "../../generator/origins.js";
import { knownTo } from "../../generator/targets/known.js";
import { kindOf } from "../../generator/targets/names.js";
import { defaultsOf } from "../../wasm/parameters.js";

export interface CompiledView {
  readonly statements: readonly SourceStatement[];
  /** As it stands in the ConstraintTemplate. */
  readonly rego: Traced;
  /** As it stands in Kyverno's ValidatingPolicy, one variable below the other: of all forms in CEL the one that knows most. */
  readonly cel: Traced;
}

export function viewOf(rule: CompiledRule): CompiledView {
  return {
    statements: rule.trace.statements,
    rego: rule.trace.rego([kindOf(rule.meta.id).toLowerCase()], ["input", "parameters"]),
    cel: celOf(rule),
  };
}

function celOf(rule: CompiledRule): Traced {
  const given = [defaultsOf(rule.schema), knownTo["validating-policy"]] as const;
  const { condition } = rule.cel(...given);
  const parts = [...rule.trace.cel(...given).map(({ name, text, origins }) => ({ heading: `// variables.${name}`, text, origins })), { heading: "// the object is fine where", text: condition, origins: [] }];
  let text = "";
  const origins: Origin[] = [];
  for (const part of parts) {
    text += `${text === "" ? "" : "\n\n"}${part.heading}\n`;
    origins.push(...part.origins.map(({ statement, start, end }) => ({ statement, start: text.length + start, end: text.length + end })));
    text += part.text;
  }
  return { text: `${text}\n`, origins };
}
