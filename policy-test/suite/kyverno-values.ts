/** The values of a Kyverno Test that our policies can see: the operation, and Namespaces. */
import { isMapping } from "../../manifest/mapping.js";
import type { KubernetesObject } from "../identity.js";
import { objectOf, shapeProblems, withoutNull, type Folder } from "./reading.js";
import { NotRunError } from "./result.js";
import { placeOf } from "../problem.js";

export type Operation = "CREATE" | "UPDATE" | "DELETE";

export interface Values {
  readonly operation: Operation;
  readonly namespaces: readonly KubernetesObject[];
}

const text = { type: "string" } as const;
const any = {} as const;
const objects = { type: "array", items: { type: "object" } } as const;

/** Of a file of kind Values, and of the field `values` of a Test. */
export const valuesSchema = {
  type: "object",
  additionalProperties: false,
  properties: {
    apiVersion: { enum: ["cli.kyverno.io/v1alpha1"] },
    kind: { enum: ["Value", "Values"] },
    metadata: { type: "object" },
    globalValues: { type: "object" },
    policies: any,
    subresources: { type: "array", maxItems: 0 },
    namespaceSelector: {
      type: "array",
      items: { type: "object", required: ["name"], additionalProperties: false, properties: { name: text, labels: { type: "object", additionalProperties: text } } },
    },
    namespaces: objects,
  },
} as const;

/**
 * @param path of a file of Values
 * @param inline what the Test says itself; it counts where there is no file
 * @throws NotRunError for values that cannot be read, or say something that is not understood here
 */
export function readValues(path: string | undefined, inline: unknown, folder: Folder): Values {
  const values = path === undefined ? withoutNull(inline ?? {}) : readFile(path, folder);
  if (!isMapping(values)) throw new NotRunError("`values` must be a mapping");
  const { globalValues, namespaces, namespaceSelector } = values;
  const selectors = listIn(namespaceSelector).map(({ name, labels }) => ({ apiVersion: "v1", kind: "Namespace", metadata: { name, labels: labels ?? {} } }));
  return {
    operation: operationOf(isMapping(globalValues) ? globalValues["request.operation"] : undefined),
    // Of two with one name the second counts.
    namespaces: [...selectors, ...listIn(namespaces).map((namespace) => ({ ...namespace, apiVersion: "v1", kind: "Namespace" }))],
  };
}

function readFile(path: string, folder: Folder): unknown {
  const document = objectOf(path, folder);
  const { object, file } = document;
  const problems = shapeProblems({ file, value: object, position: () => document.position("") }, valuesSchema, "file of Values");
  if (problems.length > 0) throw new NotRunError(...problems.map((problem) => `${placeOf(problem)}: ${problem.message}`));
  return withoutNull(object);
}

const listIn = (value: unknown): readonly KubernetesObject[] => (Array.isArray(value) ? value.filter(isMapping) : []);

/** @throws NotRunError for what is no operation that is understood here */
export function operationOf(value: unknown): Operation {
  if (value === undefined) return "CREATE";
  if (value === "CREATE" || value === "UPDATE" || value === "DELETE") return value;
  throw new NotRunError(`the operation is ${JSON.stringify(value)}, not one of \`CREATE\`, \`UPDATE\`, \`DELETE\``);
}
