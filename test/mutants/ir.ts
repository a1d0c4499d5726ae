/** Faults before the back ends, which break both in the same way: only the rule's TypeScript says otherwise. */
import type { Mutant } from "./mutant.js";

type Row = Omit<Mutant, "file">;
const within = (file: string, rows: readonly Row[]): Mutant[] => rows.map((row) => ({ ...row, file: `generator/ir/${file}` }));

export const irMutants: readonly Mutant[] = [
  ...within("normalize.ts", [
    {
      breaks: "an `else` that ends the rule does not end it",
      original: "canEnd(first.then) || canEnd(first.otherwise) ? next : undefined",
      replacement: "canEnd(first.then) ? next : undefined",
      caughtBy: ["constructs", "branches"],
      inRego: true,
    },
  ]),
  ...within("footprint.ts", [
    {
      breaks: "quiet fields bring a review",
      original: "return loud.length === names.length ? undefined : loud;",
      replacement: "return undefined;",
      caughtBy: ["agreement", "host-network-shared-port"],
      inRego: true,
    },
  ]),
  ...within("prune.ts", [
    {
      breaks: "the first bound on an object's lists is dropped",
      original: "(reads[record as RecordName] ?? []).includes(field)); // names of the table",
      replacement: "(reads[record as RecordName] ?? []).includes(field)).slice(1); // names of the table",
      caughtBy: ["constructs", "frame"],
      inRego: true,
    },
  ]),
  ...within("extents.ts", [
    {
      breaks: "a joined list is as long as the longest of its parts",
      original: "lists.reduce((sum, { length }) => sum + length, 0)",
      replacement: "lists.reduce((most, { length }) => Math.max(most, length), 0)",
      caughtBy: ["constructs", "positions"],
      inRego: false,
    },
    {
      breaks: "lists of parameters are short",
      original: 'typeof maxItems === "number" ? maxItems : Infinity',
      replacement: "2",
      caughtBy: ["constructs", "positions"],
      inRego: false,
    },
  ]),
  ...within("restrict.ts", [
    {
      breaks: "a finding behind an unknown condition is kept",
      original: "return unknown(step.condition, locals) ? nothing : stepIf(",
      replacement: "return stepIf(",
      caughtBy: ["restrict"],
      inRego: false,
    },
    {
      breaks: "a name for something unknown is known",
      original: 'step.kind === "let" && isUnknown ? new Set(locals).add(step.name) : locals',
      replacement: "locals",
      caughtBy: ["restrict"],
      inRego: false,
    },
    {
      breaks: "a finding that says something unknown is kept",
      original: "return unknown(step.message, locals) || unknown(step.location, locals) ? nothing : step;",
      replacement: "return step;",
      caughtBy: ["restrict"],
      inRego: false,
    },
    {
      breaks: "findings of a loop over something unknown are kept",
      original: 'if (isUnknown && step.kind === "each") return nothing;',
      replacement: "",
      caughtBy: ["restrict"],
      inRego: false,
    },
  ]),
  ...within("finds.ts", [
    {
      breaks: "a fix is made that leaves the finding",
      original: "and(isFrom, not(stillFound))",
      replacement: "isFrom",
      caughtBy: ["fixes"],
      inRego: false,
    },
  ]),
  ...within("partial.ts", [
    {
      breaks: "of an empty list of parameters something is some",
      original: 'literal(expr.quantifier === "every")',
      replacement: 'literal(expr.quantifier === "some")',
      caughtBy: ["fixes"],
      inRego: false,
    },
  ]),
];
