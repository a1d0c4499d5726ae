/**
 * Every case of every rule as a request to an API server whose webhook is Gatekeeper: with the template as it is shipped, and with its
 * Rego alone. Objects of an inventory are stored, and known to Gatekeeper, before it is asked.
 */
import { isDeepStrictEqual } from "node:util";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startGatekeeper } from "../../cluster/gatekeeper.js";
import { kubectl } from "../../cluster/kubectl.js";
import type { CompiledRule } from "../../generator/compiled.js";
import { constraintTemplate } from "../../generator/targets/gatekeeper-template.js";
import { isExpressible, needsAccess } from "../../generator/targets/known.js";
import { kindOf } from "../../generator/targets/names.js";
import { messageText } from "../../manifest/run.js";
import { isObject, type JsonObject } from "../../generator/schema/json.js";
import { loadCases, type RuleCase } from "../cases.js";
import { compiledRules } from "../compiled.js";
import { writeFigures } from "../figures.js";
import { grouped } from "../engines/runner.js";
import { runInJs } from "../executors/js.js";
import { asJson, objectsIn, valueAt } from "../json.js";
import { constraintsPath, denialsOf, denyAtWebhook, putConstraint, putTemplate, withoutPolicies } from "./gatekeeper.js";
import { settle, startGuarded } from "./gatekeeper-probe.js";
import type { Loopback } from "./loopback.js";
import { askServer, expectStatus, namespaceIn, NOBODY, withoutMadeUpNames } from "./objects.js";
import { storeInventory } from "./inventory.js";

type Language = "CEL" | "Rego";

const ASKER = "asker";

let loopback: Loopback;
beforeAll(async () => {
  loopback = await startGuarded(ASKER, (state) => startGatekeeper(state, { auditIntervalSeconds: 3600, flags: withoutPolicies }));
  kubectl(loopback.state, ["apply", "-k", "library/gatekeeper"]);
  for (const rule of compiledRules) for (const language of languagesOf(rule)) await putTemplate(loopback.as(), templateOf(rule, language));
});
afterAll(() => loopback.end());

/** Gatekeeper runs the CEL of a template that holds both. */
const languagesOf = (rule: CompiledRule): Language[] => (isExpressible(rule, "gatekeeper-cel") ? ["CEL", "Rego"] : ["Rego"]);

const kindFor = (rule: CompiledRule, language: Language): string => kindOf(rule.meta.id) + (languagesOf(rule)[0] === language ? "" : language);

/** The template as it is shipped, or where that holds CEL a second one under a name of its own, with the same Rego alone. */
function templateOf(rule: CompiledRule, language: Language): JsonObject {
  const template = asJson(constraintTemplate(rule));
  const kind = kindFor(rule, language);
  const [target] = objectsIn(valueAt(template, "spec", "targets"));
  const code = objectsIn(valueAt(target, "code")).filter(({ engine }) => language === "CEL" || engine === "Rego");
  const names = { kind };
  const crd = { spec: { ...asJson(valueAt(template, "spec", "crd", "spec") as object), names } };
  return { ...template, metadata: { ...asJson(valueAt(template, "metadata") as object), name: kind.toLowerCase() }, spec: { crd, targets: [{ ...target, code }] } };
}

const nameOf = (language: Language, group: number): string => `${language.toLowerCase()}-${String(group)}`;

/** What the Constraint of a language says of these violations. */
const saying = (language: Language, { meta }: CompiledRule, violations: ReturnType<typeof runInJs>): string[] =>
  language === "Rego" ? violations.map(({ message }) => message).sort() : violations.length === 0 ? [] : [messageText(meta.id, violations)];

const counts = { CEL: 0, Rego: 0, violating: 0, updates: 0, inventories: 0, offline: 0 };
const disagreements = { CEL: 0, Rego: 0 };
afterAll(() => {
  writeFigures("gatekeeper-cluster", (["CEL", "Rego"] as const).map((language) => ({ engine: `Gatekeeper in a cluster with ${language}`, cases: counts[language], leftOut: loadCases().length - counts[language], others: 0, disagreements: disagreements[language] })));
  console.log(`Gatekeeper: ${String(counts.CEL)} cases compared with CEL, ${String(counts.Rego)} with Rego, of which ${String(counts.violating)} violate, ${String(counts.updates)} are updates and ${String(counts.inventories)} have an inventory; the API server would never admit ${String(counts.offline)}`);
});

const ruled = compiledRules.map((rule) => ({ id: rule.meta.id, rule, groups: grouped(loadCases().filter((one) => one.rule === rule.meta.id)) }));

describe.each(ruled)("$id", ({ rule, groups }) => {
  const languages = languagesOf(rule);
  beforeAll(async () => {
    for (const language of languages) for (const [index, [first]] of groups.entries()) await putConstraint(loopback.as(), constraintFor(language, index, first?.parameters ?? {}));
  });
  afterAll(async () => {
    for (const language of languages) expectStatus(await loopback.as().send("DELETE", constraintsPath(kindFor(rule, language))), 200);
  });

  /** Without `match`, so that it is the rule itself that leaves other kinds alone. */
  const constraintFor = (language: Language, index: number, parameters: JsonObject): JsonObject => ({
    apiVersion: "constraints.gatekeeper.sh/v1beta1",
    kind: kindFor(rule, language),
    metadata: { name: nameOf(language, index) },
    spec: { ...denyAtWebhook, ...(Object.keys(parameters).length === 0 ? {} : { parameters }) },
  });

  test.each(groups.flatMap((cases, index) => cases.map((one) => ({ title: one.name, one, index }))))("$title", async ({ one, index }) => {
    const inventory = await storeInventory(loopback.as(NOBODY), one.request);
    try {
      const refused = inventory.refused ?? (await compare(one, index));
      // What no API server admits is marked so, and nothing else is.
      expect(refused === undefined, refused ?? one.offline).toBe(one.offline === undefined);
      if (refused !== undefined) counts.offline += 1;
    } finally {
      await inventory.remove();
    }
  });

  /** @returns why the server itself does not admit it */
  async function compare(one: RuleCase, index: number): Promise<string | undefined> {
    let cluster: JsonObject[] | undefined;
    const beforeAsking = async (): Promise<void> => {
      if (needsAccess(rule)) cluster = await settle(loopback, namespaceIn(one.request.object));
    };
    const labels = valueAt(one.request.namespaceObject, "metadata", "labels");
    const asked = await askServer(loopback, { ...one.request, inventory: [] }, ASKER, isObject(labels) ? labels : {}, beforeAsking);
    if (asked.refused !== undefined) return asked.refused;
    const { stored, response } = asked;
    const violations = runInJs(rule.meta.id, { ...stored.request, ...(cluster === undefined ? {} : { inventory: cluster }) }, one.parameters);
    const plain = (texts: readonly string[]): string[] => texts.map((text) => withoutMadeUpNames(text, stored));
    for (const language of languages) {
      const said = plain(denialsOf(response, nameOf(language, index)));
      const expected = plain(saying(language, rule, violations));
      counts[language] += 1;
      if (!isDeepStrictEqual(said, expected)) disagreements[language] += 1;
      expect(said, language).toEqual(expected);
    }
    if (violations.length > 0) counts.violating += 1;
    if (one.request.operation === "UPDATE") counts.updates += 1;
    if ((one.request.inventory ?? []).length > 0) counts.inventories += 1;
    return undefined;
  }
});
