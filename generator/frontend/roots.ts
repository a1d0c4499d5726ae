import { rootsOf } from "../../policies/kit/view.js";
import type { Expr } from "../ir/ir.js";
import { reject, type RuleReader } from "./scope.js";
import type { ts } from "./typescript.js";

/** A field of the review. What only the other sort of rules is given would be there in JavaScript, but empty. */
export function readRoot({ reviews }: RuleReader, node: ts.Node, name: string, type: Expr["type"]): Expr {
  if (Object.hasOwn(rootsOf[reviews], name)) return { kind: "root", name, type };
  return reject(node, `a rule on ${reviews} is given no \`${name}\``, `it is given ${Object.keys(rootsOf[reviews]).join(", ")}`);
}
