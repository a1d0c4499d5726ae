/** The emitted Rego in opa itself: one process a rule asks about all of its cases. */
import { Ajv } from "ajv";
import { requireEngine } from "../../engines/index.js";
import { inventoryOf } from "../../manifest/inventory.js";
import { execute, json, withFiles } from "./process.js";
import { admissionRequest } from "./review.js";
import { findingsAnswer, type Runner } from "./runner.js";

interface Evaluation {
  readonly result: readonly { readonly expressions: readonly { readonly value: readonly (readonly Finding[])[] }[] }[];
}

interface Finding {
  readonly msg: string;
  readonly details: { readonly path: string };
}

const finding = {
  type: "object",
  required: ["msg", "details"],
  properties: { msg: { type: "string" }, details: { type: "object", required: ["path"], properties: { path: { type: "string" } } } },
};
const one = (name: string, value: object): object => ({
  type: "array",
  minItems: 1,
  maxItems: 1,
  items: { type: "object", required: [name], properties: { [name]: value } },
});
const isEvaluation = new Ajv().compile<Evaluation>({
  type: "object",
  required: ["result"],
  properties: { result: one("expressions", one("value", { type: "array", items: { type: "array", items: finding } })) },
});

export const opa: Runner = {
  name: "opa",
  expected: (_, violations) => findingsAnswer(violations),
  async run(rule, cases) {
    const inputs = cases.map(({ request, parameters }) => ({
      // Gatekeeper puts the Namespace beside the request.
      input: { review: { ...admissionRequest(request), ...(request.namespaceObject === undefined ? {} : { namespaceObject: request.namespaceObject }) }, parameters },
      inventory: inventoryOf(request.inventory ?? []),
    }));
    const files = new Map([
      ["rule.rego", rule.rego(["rule"], ["input", "parameters"])],
      ["inputs.json", json({ inputs })],
    ]);
    const query = "[findings | some request in data.inputs; asked := request.input; cluster := request.inventory; findings := data.rule.violation with input as asked with data.inventory as cluster]";
    const { stdout, stderr } = await withFiles(files, (folder) =>
      execute(requireEngine("opa").path, ["eval", "--format", "json", "--data", "rule.rego", "--data", "inputs.json", query], folder),
    );
    const evaluation: unknown = JSON.parse(stdout);
    if (!isEvaluation(evaluation)) throw new Error(`opa: ${stdout}${stderr}`);
    const answers = evaluation.result[0]?.expressions[0]?.value ?? [];
    // A case without a value would be missing from the list, and the others would stand for the wrong cases.
    if (answers.length !== cases.length) throw new Error(`opa answered ${answers.length} of ${cases.length} cases`);
    return answers.map((findings) => findingsAnswer(findings.map(({ msg, details }) => ({ message: msg, path: details.path }))));
  },
};
