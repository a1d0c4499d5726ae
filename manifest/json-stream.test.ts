import { expect, test } from "vitest";
import { splitJsonObjects } from "./json-stream.js";

test.each<[string, string, readonly string[]]>([
  ["one object", '{"a": 1}', ['{"a": 1}']],
  ["one a line", '{"a": 1}\n{"b": {}}\n', ['{"a": 1}', '\n{"b": {}}']],
  ["without anything between them", "{}{}", ["{}", "{}"]],
  ["braces in texts", '{"a": "}{\\"}"}{"b": 1}', ['{"a": "}{\\"}"}', '{"b": 1}']],
  ["an unfinished one", '{"a": 1}\n{"b": ', ['{"a": 1}', '\n{"b": ']],
  ["a brace too many", '{"a": 1}}', ['{"a": 1}', "}"]],
  ["something between them", '{"a": 1}, {"b": 2}', ['{"a": 1}, {"b": 2}']],
  ["YAML", "a: {}\nb: {}\n", ["a: {}\nb: {}\n"]],
  ["nothing", "", [""]],
])("%s", (_, text, parts) => {
  const split = splitJsonObjects(text);
  expect(split.map((part) => part.text)).toEqual(parts);
  for (const part of split) expect(text.startsWith(part.text, part.start)).toBe(true);
});
