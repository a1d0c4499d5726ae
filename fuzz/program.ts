/** Random rules: well-typed TypeScript of the subset, with helper functions, tables, parameters and the review's roots. */
import { seeded, type Random } from "../bench/random.js";
import { boolean, integer, loopList, text, value, withVariable, type Helper, type Scope, type Variable } from "./expressions.js";
import { print, term, type Term } from "./term.js";
import { elementOf, fieldsOf, itemSource, parameterTable, recordTypes, spelled } from "./types.js";

const DEPTH = 3;

/** A rule as a tree; `sourceOf` makes the file of it. */
export function randomRule(seed: number): Term {
  const random = seeded(seed);
  let names = 0;
  const base: Scope = { random, variables: [], helpers: [], hasParameters: false, counts: true, fresh: (prefix) => `${prefix}${String(names++)}` };
  const tables = Array.from({ length: random.between(0, 2) }, () => table(base));
  const helpers: { helper: Helper; source: Term }[] = [];
  for (let count = random.between(0, 3); count > 0; count--) helpers.push(helperOf({ ...base, variables: tables.map(({ variable }) => variable), helpers: helpers.map((each) => each.helper) }));
  const scope: Scope = { ...base, helpers: helpers.map(({ helper }) => helper), variables: [...tables.map(({ variable }) => variable), ...roots(random)], hasParameters: random.chance(75) };
  const applies = random.chance(20) ? [term("statement", "  applies: ({ workload, pod }) => ", boolean({ ...scope, variables: roots(seeded(0)).slice(0, 2), hasParameters: false, counts: false }, 2), ",\n")] : [];
  return term(
    "block",
    ...tables.map(({ source }) => source),
    ...helpers.map(({ source }) => source),
    term("rule", "/** Made up by the fuzzer. */\nexport default defineRule<PARAMS>({\n  id: \"ID\",\n  title: \"Random\",\n  severity: \"low\",\n  enforcement: \"warn\",\n",
      random.chance(80) ? '  exemptions: "none",\n' : "", term("block", ...applies), "  *check(ROOTS) {\n", block(scope, DEPTH, false, random.between(2, 5)), "  },\n});\n"),
  );
}

/** What the review starts from: seldom more than the object, which is all that most engines know. */
function roots(random: Random): Variable[] {
  const own: Variable[] = [{ name: "workload", type: "Workload", own: true }, { name: "pod", type: "Pod", own: true }];
  const other: Variable[] = [{ name: "oldPod", type: "Pod", own: false }, { name: "namespace", type: "Namespace", own: false }, { name: "cluster", type: "Cluster", own: false }, { name: "oldWorkload", type: "Workload", own: false }];
  return random.chance(20) ? [...own, random.pick(other)] : own;
}

function table(scope: Scope): { source: Term; variable: Variable } {
  const name = scope.fresh("t");
  const isText = scope.random.chance(50);
  const elements = isText ? ['"agent"', '"http"', '""', '"a"', '"TCP"', '"8080"', '"1e3"', '"0x50"'] : ["1", "80", "443", "8080", "0", "-3", "65535", "2147483647", "-2147483647"];
  const chosen = Array.from({ length: scope.random.between(1, 4) }, () => scope.random.pick(elements)).join(", ");
  return { source: term("statement", `const ${name} = [${chosen}];\n`), variable: { name, type: isText ? "text[]" : "integer[]", own: true } };
}

function helperOf(scope: Scope): { helper: Helper; source: Term } {
  const { random } = scope;
  const name = scope.fresh("f");
  const returns = random.pick(["boolean", "boolean", "integer", "text"]);
  const parameters = Array.from({ length: random.between(1, 3) }, (): Variable => ({ name: scope.fresh("p"), type: random.pick([...recordTypes, "Container", "Pod", "boolean", "integer", "text", "text[]", "integer[]"]), own: true }));
  // What is passed for a list need not have a bound.
  const inner = parameters.reduce((made, each) => withVariable(made, elementOf(each.type) === undefined ? each : { ...each, own: false }), scope);
  const signature = parameters.map((each) => `${each.name}: ${spelled(each.type)}`).join(", ");
  const source = term("statement", `function ${name}(${signature}): ${spelled(returns)} {\n`, returning(inner, returns, 2), "}\n");
  return { helper: { name, parameters: parameters.map(({ type }) => type), returns }, source };
}

/** Statements that return a value on every path. */
function returning(scope: Scope, returns: string, depth: number): Term {
  const { random } = scope;
  const result = (inner: Scope): Term => term("statement", "return ", value(inner, returns, 2), ";\n");
  if (depth === 0 || random.chance(35)) return term("block", result(scope));
  if (random.chance(40)) {
    const { statement, inner } = constant(scope, 2);
    return term("block", statement, ...returning(inner, returns, depth - 1).parts);
  }
  const guard = term("statement", "if (", boolean(scope, 2), ") {\n", returning(scope, returns, depth - 1), "}", ...(random.chance(40) ? [" else {\n", returning(scope, returns, depth - 1), "}\n"] : ["\n"]));
  return print(guard).includes("} else {") ? term("block", guard, result(scope)) : term("block", guard, ...returning(scope, returns, depth - 1).parts);
}

function constant(scope: Scope, depth: number): { statement: Term; inner: Scope } {
  const name = scope.fresh("c");
  const type = scope.random.pick(["boolean", "integer", "text", "text[]", "integer[]"]);
  return { statement: term("statement", `const ${name} = `, value(scope, type, depth, true), ";\n"), inner: withVariable(scope, { name, type, own: false }) };
}

function block(scope: Scope, depth: number, inLoop: boolean, length: number): Term {
  const statements: Term[] = [];
  let inner = scope;
  for (let left = length; left > 0; left--) {
    const roll = scope.random.between(1, 100);
    if (depth > 0 && roll <= 25) statements.push(loop(inner, depth));
    else if (depth > 0 && roll <= 45) statements.push(branch(inner, depth, inLoop));
    else if (roll <= 60) {
      const made = constant(inner, 2);
      statements.push(made.statement);
      inner = made.inner;
    } else if (roll <= 70 && (inLoop || depth === DEPTH)) statements.push(term("statement", "if (", boolean(inner, 2), `) ${inLoop ? "continue" : "return"};\n`));
    else statements.push(finding(inner));
  }
  return term("block", ...statements, finding(inner));
}

function branch(scope: Scope, depth: number, inLoop: boolean): Term {
  const { random } = scope;
  const then = block(scope, depth - 1, inLoop, random.between(0, 2));
  const otherwise = random.chance(40) ? [" else {\n", block(scope, depth - 1, inLoop, random.between(0, 1)), "}\n"] : ["\n"];
  return term("statement", "if (", boolean(scope, 2), ") {\n", then, "}", ...otherwise);
}

function loop(scope: Scope, depth: number): Term {
  const { random } = scope;
  const { list, element, own } = loopList(scope, 1);
  const item = scope.fresh("v");
  const inner = withVariable(scope, { name: item, type: element, own });
  const body = (of: Scope): Term => block(of, depth - 1, true, random.between(0, 2));
  if (!own || !random.chance(40)) return term("statement", `for (const ${item} of `, list, ") {\n", body(inner), "}\n");
  const index = scope.fresh("i");
  return term("statement", `for (const [${index}, ${item}] of `, list, ".entries()) {\n", body(withVariable(inner, { name: index, type: "integer", own: true })), "}\n");
}

/** A message has words of its own, which tell its statement. It ends with one, since engines trim the text. */
function finding(scope: Scope): Term {
  const { random } = scope;
  const places = scope.variables.filter((each) => each.own && fieldsOf(each.type).length > 0);
  const place = random.pick(places);
  const field = random.pick(fieldsOf(place.type).filter((each) => ["boolean", "integer", "text"].includes(each.type)));
  const shown = [term("text", "show(", text(scope, 2, true), ")"), integer(scope, 2, true), term("text", "(", boolean(scope, 2), ' ? "yes" : "no")')];
  const parts = shown.filter(() => random.chance(50)).flatMap((each) => [" ${", each, "}"]);
  return term("statement", `yield violation(at(${place.name}, "${field.name}"), \`${scope.fresh("m")}`, ...parts, ".`);\n");
}

const kitNames = ["afterLast", "at", "beforeLast", "defineRule", "entriesOf", "show", "sum", "toInteger", "trimPrefix", "trimSuffix", "violation"];
const rootNames = ["workload", "pod", "operation", "oldPod", "oldWorkload", "namespace", "cluster"];

/** The file of a rule, with the imports and parameters that it uses. */
export function sourceOf(rule: Term, id: string): string {
  const code = print(rule);
  const uses = (name: string): boolean => new RegExp(`\\b${name}\\b`).test(code);
  const parameters = Object.entries(parameterTable).filter(([name]) => code.includes(`params.${name}`));
  const check = code.slice(code.indexOf("*check("));
  const given = rootNames.filter((name) => new RegExp(`(?<![.\\w])${name}\\b`).test(check));
  const types = recordTypes.filter(uses).map((name) => `type ${name}`);
  return [
    `import { ${[...kitNames.filter(uses), ...types].join(", ")} } from "hostnetwork-policies";\n\n`,
    uses("items") ? itemSource : "",
    parameters.length === 0 ? "" : `export interface Params {\n${parameters.map(([, { source }]) => `  ${source}\n`).join("")}}\n`,
    code
      .replace("<PARAMS>", parameters.length === 0 ? "" : "<Params>")
      .replace('"ID"', JSON.stringify(id))
      .replace("ROOTS", `{ ${given.join(", ")} }${parameters.length === 0 ? "" : ", params"}`),
  ].join("");
}
