import { fixedField, type Fix } from "../../policies/kit/fix.js";
import { rootsOf } from "../../policies/kit/view.js";
import { standsAt, type Field } from "../ir/finds.js";
import type { Expr, Stmt } from "../ir/ir.js";
import { reject } from "./scope.js";
import { ts } from "./typescript.js";

const help = 'write `fix: { field: "Pod.dnsPolicy", from: "ClusterFirst", to: "ClusterFirstWithHostNet" }`';

/** What a rule yields, with the place of each in the source. */
export interface Yields {
  readonly body: readonly Stmt[];
  readonly nodes: readonly ts.Node[];
}

/** The fix that a rule declares. TypeScript has checked its fields and values against the view. */
export function readFix(property: ts.ObjectLiteralElementLike | undefined, { body, nodes }: Yields): Fix | undefined {
  if (property === undefined) return undefined;
  if (!ts.isPropertyAssignment(property) || !ts.isObjectLiteralExpression(property.initializer)) return reject(property, "`fix` must be a literal: it is read from the source", help);
  const given = new Map(property.initializer.properties.map((each) => entryOf(each)));
  const field = given.get("field")?.value;
  const place = typeof field === "string" ? fieldOf(field) : undefined;
  if (typeof field !== "string" || place === undefined) return reject(given.get("field")?.node ?? property, `\`${String(field)}\` holds nothing that a fix can write`, "a fix writes a truth value, a whole number or a text");
  if (given.get("from")?.value === given.get("to")?.value) reject(property, "the fix writes what it replaces", help);
  const places = yieldsOf(body).map((location) => standsAt(location, place));
  if (given.get("mutation")?.value === true) {
    const computed = nodes[places.indexOf(undefined)];
    if (computed !== undefined) reject(computed, "the fix becomes a mutation, for which the place of a finding must be written out", 'write `at(…)` in `violation` itself: `yield violation(at(pod, "hostPID"), …)`');
  }
  // A place that is computed may be the field.
  if (places.every((each) => each?.kind === "boolean" && !each.value)) reject(property, `no finding of the rule stands at \`${field}\`, so the fix fixes none`, "name the field in `at(…)` of a finding");
  return Object.fromEntries([...given].map(([name, { value }]) => [name, value])) as unknown as Fix; // TypeScript has checked the literal against the type
}

/** One field of the literal: its name and value. */
function entryOf(node: ts.ObjectLiteralElementLike): readonly [string, { readonly node: ts.Node; readonly value: string | number | boolean }] {
  if (ts.isPropertyAssignment(node) && (ts.isIdentifier(node.name) || ts.isStringLiteral(node.name))) {
    const { initializer } = node;
    const value = literalOf(initializer);
    if (value !== undefined) return [node.name.text, { node, value }];
  }
  return reject(node, "what a fix says must be a literal", help);
}

function literalOf(node: ts.Expression): string | number | boolean | undefined {
  if (ts.isStringLiteralLike(node)) return node.text;
  if (ts.isNumericLiteral(node)) return Number(node.text);
  if (node.kind === ts.SyntaxKind.TrueKeyword || node.kind === ts.SyntaxKind.FalseKeyword) return node.kind === ts.SyntaxKind.TrueKeyword;
  return undefined;
}

/** The field as places name it. */
export function fieldOf(name: string): Field | undefined {
  const field = fixedField(name);
  if (field === undefined) return undefined;
  const isRoot = Object.values(rootsOf.workloads).some(({ record }) => record === field.record);
  return { record: field.record, name: field.name, suffix: `${isRoot ? "" : "."}${field.column.path.join(".")}` };
}

/** The places that a body yields, in the order of the source. */
function yieldsOf(statements: readonly Stmt[]): Expr[] {
  return statements.flatMap((each): Expr[] => {
    switch (each.kind) {
      case "yield":
        return [each.location];
      case "if":
        return [...yieldsOf(each.then), ...yieldsOf(each.otherwise)];
      case "for":
        return yieldsOf(each.body);
      case "const":
      case "return":
      case "continue":
        return [];
    }
  });
}
