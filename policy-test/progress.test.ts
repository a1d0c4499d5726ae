import { expect, test } from "vitest";
import { showProgress } from "./progress.js";

function shown(isTTY: boolean, env: Readonly<Record<string, string>> = {}, quiet = false): string {
  let text = "";
  let now = 0;
  const { show, clear } = showProgress({ stderr: { isTTY, write: (more) => (text += more) }, env }, quiet, () => now);
  for (let taken = 0; taken < 4; taken++) {
    show(taken, 9);
    now += 550;
  }
  clear();
  clear();
  return text;
}

test("shows on a terminal how far a long run has come, and leaves nothing behind", () => {
  expect(shown(true)).toBe("\r\u001b[K2 of 9 files\r\u001b[K3 of 9 files\r\u001b[K");
});

test.each<[string, boolean, Readonly<Record<string, string>>, boolean?]>([
  ["with --quiet", true, {}, true],
  ["without a terminal", false, {}],
  ["in CI", true, { CI: "true" }],
  ["on a dumb terminal", true, { TERM: "dumb" }],
])("says nothing %s", (_, isTTY, env, quiet) => {
  expect(shown(isTTY, env, quiet)).toBe("");
});
