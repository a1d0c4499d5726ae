import { expect, test } from "vitest";
import { loadCases } from "../cases.js";
import { compiledRules } from "../compiled.js";
import { gapOf } from "./capabilities.js";
import { runners } from "./runners.js";
const ids = (process.env["IDS"] ?? "").split(",");
const cases = loadCases();
test.each(compiledRules.filter((r) => ids.includes(r.meta.id)).flatMap((rule) => runners.map((runner) => ({ id: rule.meta.id, rule, runner, name: runner.name }))))("$id $name", async ({ rule, runner }) => {
  const asked = cases.filter((one) => one.rule === rule.meta.id && gapOf(runner.name, one) === undefined);
  const skipped = cases.filter((one) => one.rule === rule.meta.id).length - asked.length;
  const t = Date.now();
  const given = asked.length === 0 ? [] : await runner.run(rule, asked).catch((e: unknown) => { console.log(String(e).slice(0, 1500)); return []; });
  const bad = asked.filter((one, i) => JSON.stringify(given[i]) !== JSON.stringify(runner.expected(one.rule, one.violations)));
  console.log(`${rule.meta.id} | ${runner.name}: asked ${asked.length} skipped ${skipped} disagree ${bad.length} ${Date.now() - t}ms`);
  for (const one of bad.slice(0, 4)) console.log("  ", one.name, JSON.stringify(given[asked.indexOf(one)])?.slice(0, 400));
  expect(bad).toEqual([]);
});
