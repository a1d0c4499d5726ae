import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { compileFiles } from "./compile.js";

const folder = mkdtempSync(join(tmpdir(), "deep-"));
afterAll(() => rmSync(folder, { recursive: true }));

/** A rule of so many constants, each of which needs the one before it twice: CEL binds them inside each other. */
function compileChain(length: number): ReturnType<typeof compileFiles> {
  const file = join(folder, `chain-${String(length)}.ts`);
  const constants = Array.from({ length }, (_, index) => `    const n${String(index + 1)} = n${String(index)} === ${String(index)} ? 0 : n${String(index)};`);
  writeFileSync(
    file,
    `import { at, defineRule, sum, violation } from "hostnetwork-policies";
/** Why. */
export default defineRule({
  id: "chain-${String(length)}",
  title: "A chain",
  severity: "low",
  enforcement: "warn",
  *check({ pod }) {
    const n0 = sum([pod.containers.length, 1]);
${constants.join("\n")}
    yield violation(at(pod, "hostNetwork"), \`sum \${n${String(length)}}\`);
  },
});
`,
  );
  return compileFiles([file]);
}

test("a rule that nests deeper than the engines parse is refused, with the depth", () => {
  const { diagnostics } = compileChain(60);
  expect(diagnostics).toMatchObject([{ line: 3, column: 1, message: "the rule nests 60 loops and bindings in CEL, of which engines read 50" }]);
});

test("a rule that nests less is compiled", () => {
  expect(compileChain(40).diagnostics).toEqual([]);
});
