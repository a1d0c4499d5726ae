/** What holds of every rule, whatever it is given. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { parsePath } from "../manifest/path.js";
import { viewOf } from "../manifest/view.js";
import { rules } from "../policies/index.js";
import { viewTable } from "../policies/kit/view.js";
import { runInJs } from "./executors/js.js";
import { compiledRule } from "./compiled.js";
import { requestsFor } from "./context-generators.js";
import { parametersArbitrary, requestArbitrary, workloadArbitrary } from "./generators.js";

const RUNS = { numRuns: 500 };

describe.each(rules.map((rule) => rule.id))("%s", (id) => {
  const check = (holds: (violations: ReturnType<typeof runInJs>, object: unknown) => void): void => {
    fc.assert(
      fc.property(requestsFor(compiledRule(id)), parametersArbitrary(id), (request, parameters) => {
        holds(runInJs(id, request, parameters), request.object);
      }),
      RUNS,
    );
  };

  // Of what is found in the cluster, each thing is a finding; they may all be about one place.
  const isAboutCluster = compiledRule(id).needs.includes("inventory");

  test("yields no violation twice, and says something else at every place", () => {
    check((violations, object) => {
      // The API server refuses two containers of one name; a message can tell them by nothing else.
      fc.pre(!hasNamesakes(object));
      if (!isAboutCluster) expect(new Set(violations.map(({ path }) => path)).size).toBe(violations.length);
      expect(new Set(violations.map(({ message }) => message)).size).toBe(violations.length);
    });
  });

  test("speaks in single lines of bounded length", () => {
    check((violations) => {
      for (const { message } of violations) {
        // eslint-disable-next-line no-control-regex -- control characters are what it is about
        expect(message).not.toMatch(/[\x00-\x1f\x7f]/);
        expect(message).toBe(message.trim());
        expect(Buffer.byteLength(message)).toBeLessThan(1000);
      }
    });
  });

  test("points into the object, or at a field that an existing record lacks", () => {
    check((violations, object) => {
      for (const { path } of violations) expect(hasPlaceFor(object, path), path).toBe(true);
    });
  });

  test("is violated by many of the generated requests and lets many pass", () => {
    const verdicts = fc
      .sample(fc.tuple(requestsFor(compiledRule(id)), parametersArbitrary(id)), { numRuns: 1000, seed: 1 })
      .map(([request, parameters]) => runInJs(id, request, parameters).length > 0);
    expect(verdicts.filter(Boolean).length).toBeGreaterThan(100);
    expect(verdicts.filter((violated) => !violated).length).toBeGreaterThan(100);
  });
});

test("the view of an object is total", () => {
  fc.assert(
    fc.property(fc.oneof(workloadArbitrary, fc.jsonValue()), (object) => {
      expect(unset(viewOf(object), "view")).toEqual([]);
    }),
    RUNS,
  );
});

test("generated requests are JSON, as every engine reads it", () => {
  fc.assert(fc.property(requestArbitrary, (request) => { expect(request).toStrictEqual(JSON.parse(JSON.stringify(request))); }), RUNS);
});

test("a view does not change its object", () => {
  fc.assert(
    fc.property(workloadArbitrary, (object) => {
      const before = JSON.stringify(object);
      viewOf(object);
      expect(JSON.stringify(object)).toBe(before);
    }),
    RUNS,
  );
});

function hasNamesakes(object: unknown): boolean {
  const names = viewOf(object).pod.containers.map((container) => container.name);
  return new Set(names).size < names.length;
}

/** The places in `value` where nothing is. */
function unset(value: unknown, path: string): string[] {
  if (value === undefined || value === null) return [path];
  const places: string[] = [];
  // The fields of a record are getters of its prototype, which `in` names as well.
  if (typeof value === "object") for (const name in value) places.push(...unset(Reflect.get(value, name), `${path}.${name}`));
  return places;
}

/** Paths of the view's fields that lie several steps below their record: `["strategy", "rollingUpdate", "maxSurge"]`. */
const deepFields = Object.values(viewTable)
  .flatMap((fields) => Object.values(fields))
  .flatMap((field) => (field.type === "records" ? field.paths : "path" in field ? [field.path] : []))
  .filter((path) => path.length > 1);

/** Whether everything on the way to the last step of `path` exists in `object`, or all down to the record of whose fields it is one. */
function hasPlaceFor(object: unknown, path: string): boolean {
  const steps = parsePath(path).map(String);
  const isThere = (count: number): boolean =>
    isContainer(steps.slice(0, count).reduce<unknown>((value, step) => (isContainer(value) ? Reflect.get(value, step) : undefined), object));
  return isThere(steps.length - 1) || deepFields.some((field) => steps.slice(-field.length).join(".") === field.join(".") && isThere(steps.length - field.length));
}

function isContainer(value: unknown): value is object {
  return value !== null && typeof value === "object";
}
