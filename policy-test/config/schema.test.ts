import { readFileSync } from "node:fs";
import { Ajv } from "ajv";
import { describe, expect, test } from "vitest";
import { packageAssets, readWasmManifest } from "../assets.js";
import { parseConfig } from "../config.js";
import { configSchema } from "./schema.js";
import { CONFIG_SCHEMA_FILE, configSchemaText } from "./schema-file.js";

const manifest = readWasmManifest(packageAssets().manifest);
const isConfig = new Ajv({ strict: false }).compile(configSchema(manifest));

test("the published schema is up to date; else run `npm run generate:config-schema`", () => {
  expect(readFileSync(CONFIG_SCHEMA_FILE, "utf8")).toBe(configSchemaText(manifest));
});

const waiver = { rule: "restrict-host-network", match: { namespace: "a" }, reason: "a", expires: "2999-12-31" };

describe("the schema says of a config what the command says", () => {
  test.each<readonly [string, object, boolean]>([
    ["nothing", {}, true],
    ["a bundle", { bundle: "ack" }, true],
    ["an unknown bundle", { bundle: "acks" }, false],
    ["an unknown key", { rule: {} }, false],
    ["an unknown rule", { rules: { "restrict-host-netwrk": {} } }, false],
    ["a rule without settings", { rules: { "restrict-host-network": null } }, true],
    ["an enforcement", { rules: { "restrict-host-network": { enforcement: "dryrun" } } }, true],
    ["an unknown enforcement", { rules: { "restrict-host-network": { enforcement: "audit" } } }, false],
    ["parameters", { rules: { "restrict-host-network": { parameters: { allowed: [{ namespace: "a" }] } } } }, true],
    ["an unknown parameter", { rules: { "restrict-host-network": { parameters: { exempt: [] } } } }, false],
    ["a wrong parameter", { rules: { "restrict-host-network": { parameters: { allowed: [{}] } } } }, false],
    ["a match", { match: { namespaces: ["a*"], kinds: [{ kinds: ["Pod"] }] } }, true],
    ["an unknown field of match", { match: { namespace: ["a"] } }, false],
    ["a pattern with a star inside", { rules: { "restrict-host-network": { match: { name: "a*b" } } } }, false],
    ["a waiver", { waivers: [waiver] }, true],
    ["a waiver without a reason", { waivers: [{ ...waiver, reason: undefined }] }, false],
    ["a waiver that matches by an unknown field", { waivers: [{ ...waiver, match: { hostPID: true } }] }, false],
    ["a waiver of another rule, which has that field", { waivers: [{ ...waiver, rule: "restrict-host-namespaces", match: { name: "a", hostPID: true } }] }, true],
    ["a waiver by name", { waivers: [{ ...waiver, rule: "restrict-privileged-namespace", match: { name: "a" } }] }, true],
    ["a waiver by namespace, where there are names alone", { waivers: [{ ...waiver, rule: "restrict-privileged-namespace" }] }, false],
  ])("%s", async (_, config, isValid) => {
    const text = JSON.stringify(config);
    expect([isConfig(JSON.parse(text)), !("problems" in (await parseConfig(text, "c.yaml", manifest)))]).toEqual([isValid, isValid]);
  });
});
