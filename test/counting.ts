/** Comparisons of the engines in Node with the rules' TypeScript, counted. */
import { expect } from "vitest";
import type { EngineFigures } from "./figures.js";

export const nodeEngines = ["wasm in Node", "CEL in Node, parameters of a Constraint", "CEL in Node, parameters in the policy"] as const;
export type NodeEngine = (typeof nodeEngines)[number];

export interface Counting {
  /** @throws where they differ */
  readonly expectEqual: (engine: NodeEngine, counted: "cases" | "others", answer: () => unknown, expected: unknown) => void;
  readonly figures: () => readonly EngineFigures[];
}

export function newCounting(): Counting {
  const rows = new Map(nodeEngines.map((engine) => [engine, { engine, cases: 0, leftOut: 0, others: 0, disagreements: 0 }]));
  return {
    expectEqual: (engine, counted, answer, expected) => {
      const row = rows.get(engine);
      if (row === undefined) throw new TypeError(`${engine} is no engine in Node`);
      row[counted] += 1;
      // Until shown otherwise: an error is no answer either.
      row.disagreements += 1;
      expect(answer()).toEqual(expected);
      row.disagreements -= 1;
    },
    figures: () => [...rows.values()],
  };
}
