/**
 * Runs the emitted CEL in Node (cel-js), with the variables of a ValidatingAdmissionPolicy. Where cel-js differs
 * from Kubernetes (it counts UTF-16 units, matches with JavaScript's regular expressions, has no `sum`), functions
 * of our own stand in, by code points and RE2. Numbers of the object arrive as floats, as in Kyverno's CLI. `resource.List` is
 * Kyverno's: it lists the inventory of the request, in which the API server finds the Namespace too.
 */
import { Environment, type ParseResult } from "@marcbachmann/cel-js";
import { RE2JS } from "re2js";
import type { CelMutation, CelProgram } from "../../generator/compiled.js";
import { withValue } from "../../manifest/fix.js";
import { isMapping } from "../../manifest/mapping.js";
import type { ReviewRequest } from "../../manifest/run.js";
import { namespaceIn, viewOf } from "../../manifest/view.js";
import { apiVersionOf, namespaceKind, networkPolicyKind, workloadKinds } from "../../policies/kit/workload-kinds.js";

/** Methods that are replaced, in the spelling of Kubernetes. */
const replaced = ["substring", "lastIndexOf", "split", "matches"];

const patterns = new Map<string, RE2JS>();
function compiled(pattern: string): RE2JS {
  const known = patterns.get(pattern) ?? RE2JS.compile(pattern);
  patterns.set(pattern, known);
  return known;
}

function substring(text: string, from: bigint, to?: bigint): string {
  const characters = [...text];
  const end = to ?? BigInt(characters.length);
  if (from < 0n || from > end || end > BigInt(characters.length)) throw new RangeError(`index out of range: ${String(from)}, ${String(end)}`);
  return characters.slice(Number(from), Number(end)).join("");
}

function lastIndexOf(text: string, part: string): bigint {
  const at = text.lastIndexOf(part);
  return BigInt(at === -1 ? -1 : [...text.slice(0, at)].length);
}

/** What the request that is being evaluated lists; cel-js passes its functions nothing but their arguments. */
let inventory: readonly unknown[] = [];

function listed(apiVersion: string, resource: string): { items: unknown[] } {
  const kind = [...workloadKinds, namespaceKind, networkPolicyKind].find((row) => apiVersionOf(row) === apiVersion && row.resource === resource);
  if (kind === undefined) throw new Error(`the cluster has no ${apiVersion} ${resource}`);
  return { items: inventory.filter((each) => isMapping(each) && each["apiVersion"] === apiVersion && each["kind"] === kind.kind) };
}

const environment = new Environment({
  enableOptionalTypes: true,
  unlistedVariablesAreDyn: true,
  limits: { maxAstNodes: 1_000_000, maxDepth: 1000, maxListElements: 10_000, maxMapEntries: 10_000, maxCallArguments: 100 },
})
  .registerFunction("list.sum(): int", (values: readonly bigint[]) => values.reduce((total, value) => total + value, 0n))
  .registerFunction("kyverno_list(string, string, string): dyn", listed)
  .registerFunction("string.k8s_substring(int): string", (text: string, from: bigint) => substring(text, from))
  .registerFunction("string.k8s_substring(int, int): string", substring)
  .registerFunction("string.k8s_lastIndexOf(string): int", lastIndexOf)
  .registerFunction("string.k8s_split(string): list<string>", (text: string, separator: string) => (separator === "" ? [...text] : text.split(separator)))
  .registerFunction("string.k8s_matches(string): bool", (text: string, pattern: string) => compiled(pattern).matcher(text).find());

/** Evaluates the program on a request: the text of all findings, empty for an object that is fine. */
export type CelEvaluator = (request: ReviewRequest, params?: unknown) => string;

/** Parses the program once. */
export function celEvaluator(program: CelProgram): CelEvaluator {
  const variables = program.variables.map(({ name, expression }) => ({ name, run: parse(name, expression) }));
  const condition = parse("condition", program.condition);
  const message = parse("messageExpression", program.messageExpression);
  return (request, params = null) => {
    const values: Record<string, unknown> = { params };
    const context = {
      object: request.object,
      oldObject: request.oldObject ?? null,
      request: { operation: request.operation ?? "" },
      namespaceObject: request.namespaceObject ?? namespaceIn(request.inventory ?? [], viewOf(request.object).workload.namespace) ?? null,
      variables: values,
    };
    inventory = request.inventory ?? [];
    for (const { name, run } of variables) values[name] = run(context);
    const isFine: unknown = condition(context);
    const text: unknown = message(context);
    if (typeof isFine !== "boolean" || typeof text !== "string") throw new TypeError("the policy gave no verdict");
    if (isFine !== (text === "")) throw new TypeError("the verdict and its message disagree");
    return text;
  };
}

/** Evaluates a mutation: the object with its patch applied. */
export function celMutator({ variables, patch }: CelMutation): (request: ReviewRequest) => unknown {
  const parts = variables.map(({ name, expression }) => ({ name, run: parse(name, expression) }));
  // cel-js makes no values of named types: a map has the same fields.
  const operations = parse("patch", patch.replace(/JSONPatch\{op: ("[a-z]+"), path: (.+), value: (.+)\}/, '{"op": dyn($1), "path": dyn($2), "value": dyn($3)}'));
  return (request) => {
    const values: Record<string, unknown> = {};
    const context = { object: request.object, oldObject: request.oldObject ?? null, request: { operation: request.operation ?? "" }, variables: values };
    for (const { name, run } of parts) values[name] = run(context);
    const list: unknown = operations(context);
    if (!Array.isArray(list)) throw new TypeError("the mutation gave no list of operations");
    return list.reduce<unknown>((object, operation) => applied(object, operation), request.object);
  };
}

/** An `add` of JSON Patch to a mapping; the others do not occur. */
function applied(object: unknown, operation: unknown): unknown {
  const { op, path, value } = isMapping(operation) ? operation : {};
  if (op !== "add" || typeof path !== "string") throw new TypeError("the mutation gave another operation than `add`");
  const segments = path.split("/").slice(1);
  segments.slice(0, -1).reduce<unknown>((holder, name) => {
    const below: unknown = isMapping(holder) ? holder[name] : undefined;
    if (!isMapping(below)) throw new TypeError(`the path ${path} leads nowhere`); // as in any engine
    return below;
  }, object);
  return withValue(object, segments, value);
}

/** Programs of one rule differ in their parameters only: the rest is parsed once. */
const parsed = new Map<string, ParseResult>();

function parse(name: string, expression: string): ParseResult {
  const known = parsed.get(expression) ?? parseAnew(name, expression);
  parsed.set(expression, known);
  return known;
}

function parseAnew(name: string, expression: string): ParseResult {
  try {
    const spelled = expression.replace(/(?<![\w."])resource\.List\(/g, "kyverno_list(");
    return environment.parse(spelled.replace(new RegExp(`"(?:[^"\\\\]|\\\\.)*"|\\.(${replaced.join("|")})\\(`, "g"), (match, method?: string) => (method === undefined ? match : `.k8s_${method}(`)));
  } catch (error) {
    throw new Error(`${name} does not parse: ${String(error)}\n${expression}`, { cause: error });
  }
}
