import { expect, test } from "vitest";
import { freshName } from "./names.js";

test.each([
  ["port", [], "port"],
  ["port", ["port"], "port2"],
  ["port", ["port", "port2"], "port3"],
  ["namespace", [], "namespace2"],
  ["variables", [], "variables2"],
  ["in", ["in2"], "in3"],
])("%s among %j is called %s", (wanted, enclosing, name) => {
  expect(freshName(wanted, new Set(enclosing))).toBe(name);
});
