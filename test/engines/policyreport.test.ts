/** What `--format policyreport` writes, in the CustomResourceDefinitions of OpenReports that Kyverno's module brings along. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { Ajv } from "ajv";
import addFormats from "ajv-formats";
import { load, loadAll } from "js-yaml";
import { expect, test } from "vitest";
import { isMapping } from "../../manifest/mapping.js";
import { formatPolicyReport } from "../../policy-test/reporters/policyreport.js";
import { everything } from "../../policy-test/reporters/fixtures/report.js";
import { valueAt } from "../json.js";
import { execute } from "./process.js";

const kyverno = fileURLToPath(new URL("../../engines/kyverno", import.meta.url));

/** The schema with every record closed: the API server drops fields that it does not know, and says nothing. */
function closed(schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map((element) => closed(element));
  if (!isMapping(schema)) return schema;
  const inside = Object.fromEntries(Object.entries(schema).map(([name, value]) => [name, closed(value)]));
  // `metadata` is any object's, and its schema says only that it is one.
  return isMapping(schema["properties"]) && schema["type"] === "object" ? { ...inside, additionalProperties: false } : inside;
}

test("reports are what OpenReports defines", async () => {
  const { stdout } = await execute("go", ["mod", "download", "-json", "github.com/openreports/reports-api"], kyverno);
  const folder = join(String(valueAt(JSON.parse(stdout), "Dir")), "config", "crd");
  const ajv = new Ajv({ strict: false, allErrors: true });
  addFormats.default(ajv);
  const validators = new Map(
    ["Report", "ClusterReport"].map((kind) => {
      const definition = load(readFileSync(join(folder, `openreports.io_${kind.toLowerCase()}s.yaml`), "utf8"));
      expect(valueAt(definition, "spec", "versions", 0, "name")).toBe("v1alpha1");
      return [kind, ajv.compile(Object(closed(valueAt(definition, "spec", "versions", 0, "schema", "openAPIV3Schema"))) as object)];
    }),
  );
  const documents = loadAll(formatPolicyReport(everything, { rules: new Map(), version: "0.0.0", failOn: "deny", quiet: false, explain: false, colours: false }));
  expect(documents.map((document) => valueAt(document, "kind"))).toEqual(["ClusterReport", "Report", "Report"]);
  for (const document of documents) {
    const validate = validators.get(String(valueAt(document, "kind")));
    expect(validate?.(document), JSON.stringify(validate?.errors)).toBe(true);
    expect(validate?.({ ...Object(document), sumary: {} })).toBe(false);
  }
});
