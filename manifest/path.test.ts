import { describe, expect, it } from "vitest";
import { joinPath, parsePath, type Segment } from "./path.js";

const paths: [string, Segment[]][] = [
  ["", []],
  ["spec", ["spec"]],
  ["spec.template.spec", ["spec", "template", "spec"]],
  ["spec.containers[0].args[12]", ["spec", "containers", 0, "args", 12]],
  ["a[0][1]", ["a", 0, 1]],
  ["[3].a", [3, "a"]],
  ['metadata.labels["a/b"]', ["metadata", "labels", "a/b"]],
  ['["a.b"].c', ["a.b", "c"]],
  ['a["0"]', ["a", "0"]],
  ['a["]"]["\\""]["\\\\"]', ["a", "]", '"', "\\"]],
  ['a[""]', ["a", ""]],
  ["app-name._x", ["app-name", "_x"]],
  ['["__proto__"]', ["__proto__"]],
];

describe("parsePath", () => {
  it.each(paths)("of %j is %j", (path, segments) => {
    expect(parsePath(path)).toEqual(segments);
  });
  it.each([[".a", 1], ["a.", 2], ["a..b", 2], ["a[", 2], ["a[x]", 2], ["a[-1]", 2], ['a["x]', 2], ["a]", 2], ["a[0]b", 5], ['a"b"', 2]])(
    "refuses %j at character %i",
    (path, character) => {
      expect(() => parsePath(path)).toThrow(`expected a name, [0] or ["name"] at character ${String(character)}`);
    },
  );
});

describe("joinPath", () => {
  it.each(paths.filter(([path]) => path !== '["__proto__"]'))("gives %j back", (path, segments) => {
    expect(joinPath("", ...segments)).toBe(path);
  });
  it("adds to a path", () => {
    expect(joinPath("spec.containers", 0, "name")).toBe("spec.containers[0].name");
    expect(joinPath("metadata.labels", "80", "x y")).toBe('metadata.labels["80"]["x y"]');
  });
});
