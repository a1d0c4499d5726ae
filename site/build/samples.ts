/** The examples and the cases on the rules' pages, as the playground loads them. */
import { readdirSync } from "node:fs";
import { fences, read, root, sections } from "../../docs/markdown.js";
import type { Sample } from "../playground/samples.js";

/** @param ids of the rules */
export function samples(ids: readonly string[]): Sample[] {
  return [...examples(), ...ids.flatMap((id) => ["Avoid", "Prefer"].flatMap((section) => casesOf(id, section)))];
}

/** The files of `examples/`; settings go with the manifest that they are for. */
function examples(): Sample[] {
  const files = readdirSync(`${root}examples`).filter((file) => file.endsWith(".yaml") && file !== "policy-test.yaml").sort();
  const plain = files.map((file) => ({ name: file, manifest: read(`examples/${file}`), config: "", bundle: "", rules: [] }));
  const allowed = { name: "node-exporter-fixed.yaml with policy-test.yaml", manifest: read("examples/node-exporter-fixed.yaml"), config: read("examples/policy-test.yaml"), bundle: "", rules: [] };
  // A short manifest with several findings is the best to start from.
  return [...plain.filter(({ name }) => name === "node-exporter.yaml"), allowed, ...plain.filter(({ name }) => name !== "node-exporter.yaml")];
}

/** The cases below one heading of a rule's page. */
export function casesOf(rule: string, section: string): Sample[] {
  const page = read(`docs/rules/${rule}.md`);
  return [...sections(sections(page, 2).get(section) ?? "", 3)].map(([title, text]) => {
    const parts = new Map(fences(text).map(({ mark, text: content }) => [mark, content.trimEnd()]));
    const object = parts.get("object");
    if (object === undefined) throw new Error(`docs/rules/${rule}.md: ${title} shows no object`);
    const oldObject = parts.get("oldObject");
    const namespace = parts.get("namespaceObject");
    const inventory = parts.get("inventory");
    const parameters = parts.get("parameters");
    const documents = [
      oldObject === undefined ? object : reviewOf(object, oldObject),
      ...(namespace === undefined ? [] : [namespace]),
      ...(inventory === undefined ? [] : [`apiVersion: v1\nkind: List\nitems:\n${indented(inventory, 2)}`]),
    ];
    return {
      rule,
      name: `${section}: ${title}`,
      manifest: `${documents.join("\n---\n")}\n`,
      config: parameters === undefined ? "" : `rules:\n  ${rule}:\n    parameters:\n${indented(parameters, 6)}\n`,
      bundle: "",
      rules: [rule],
    };
  });
}

function reviewOf(object: string, oldObject: string): string {
  return `apiVersion: admission.k8s.io/v1\nkind: AdmissionReview\nrequest:\n  operation: UPDATE\n  object:\n${indented(object, 4)}\n  oldObject:\n${indented(oldObject, 4)}`;
}

function indented(text: string, by: number): string {
  return text.replaceAll(/^(?=.)/gm, " ".repeat(by));
}
