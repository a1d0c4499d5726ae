import { expect, test } from "vitest";

import { missingPackages } from "./needs.js";

test("with everything installed there is nothing to say", () => {
  expect(missingPackages()).toBeUndefined();
});

test("what is missing is named, with the version that is tested", () => {
  expect(missingPackages((name) => name !== "typescript" && name !== "handlebars")).toMatch(
    /^error: the compiler needs packages that are not installed: handlebars, typescript\nhelp: npm install --save-dev handlebars@4\.\d+\.\d+ typescript@6\.\d+\.\d+$/,
  );
});
