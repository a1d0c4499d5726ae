/** Faults in what is looked at first (generator/ir/gate.ts): an object that it passes over by mistake has no finding. */
import type { Mutant } from "./mutant.js";

export const gateMutants: readonly Mutant[] = [
  {
    file: "generator/ir/gate.ts",
    breaks: "what is concerned by one side of || must be concerned by both",
    original: 'return (expr.operator === "&&") === negated ? either([left, right]) : both(left, right);',
    replacement: "return both(left, right);",
    caughtBy: ["constructs", "gates"],
    inRego: true,
  },
  {
    file: "generator/ir/gate.ts",
    breaks: "an object with too much in its lists is of no concern",
    original: "either([...longLists(program, reader), reader.step(program.body, new Map())])",
    replacement: "either([reader.step(program.body, new Map())])",
    caughtBy: ["agreement", "unresolved-placeholder"],
    inRego: true,
  },
  {
    file: "generator/rego/gate.ts",
    breaks: "only the first list of containers is looked at first (in Rego)",
    original: "list: array(paths.map((path) => scalar(",
    replacement: "list: array(paths.slice(0, 1).map((path) => scalar(",
    caughtBy: ["agreement", "host-network-port-range"],
    inRego: true,
  },
  {
    file: "generator/rego/gate.ts",
    breaks: "only the first of several ways to be concerned counts (in Rego)",
    original: "const rules = clauses.map(",
    replacement: "const rules = clauses.slice(0, 1).map(",
    caughtBy: ["agreement", "restrict-host-namespaces"],
    inRego: true,
  },
  {
    file: "generator/rego/gate.ts",
    breaks: "what is not there is not ruled out by a comparison (in Rego)",
    original: 'return holds(infix("==", { kind: "comprehension", head: scalar(true), body: [holds(term)] }, array([])));',
    replacement: "return holds(term, true);",
    caughtBy: ["constructs", "gates"],
    inRego: true,
  },
  {
    file: "generator/cel/gate.ts",
    breaks: "only the first list of containers is looked at first (in CEL)",
    original: "const lists = list(...paths.map(",
    replacement: "const lists = list(...paths.slice(0, 1).map(",
    caughtBy: ["agreement", "host-network-port-range"],
    inRego: false,
  },
  {
    file: "generator/cel/gate.ts",
    breaks: "every one of several ways to be concerned must hold (in CEL)",
    original: 'return chain("||", [...included, ...parts], literal(false));',
    replacement: 'return chain("&&", [...included, ...parts], literal(false));',
    caughtBy: ["agreement", "restrict-host-namespaces"],
    inRego: false,
  },
];
