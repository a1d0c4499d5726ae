import { readWasmManifest, type Assets } from "../assets.js";
import { formatExplanation } from "../explain.js";
import type { Io } from "../io.js";
import { printProblems } from "../problem.js";
import { unknownRule } from "../rules.js";

/** `policy-test explain`: what a rule is for, and its parameters. */
export function explainCommand(id: string, io: Io, assets: Assets): number {
  const { rules } = readWasmManifest(assets.manifest);
  const rule = rules.find((candidate) => candidate.id === id);
  if (rule === undefined) {
    printProblems([unknownRule(id, rules)], io);
    return 2;
  }
  io.stdout.write(formatExplanation(rule));
  return 0;
}
