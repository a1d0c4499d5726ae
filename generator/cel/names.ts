/** Identifiers that CEL, Kubernetes or Gatekeeper keep for themselves. */
const reserved: ReadonlySet<string> = new Set(
  [
    "as break const continue else false for function if import in let loop namespace null package return true var void while",
    "variables object oldObject request params namespaceObject authorizer anyObject has all exists map filter size int string dyn type double uint bool bytes list matches timestamp duration optional cel math sets resource http images globalContext image json x509",
  ].flatMap((line) => line.split(" ")),
);

/** A name like `wanted` that none of the enclosing names hides or is hidden by. */
export function freshName(wanted: string, enclosing: ReadonlySet<string>): string {
  // TypeScript allows letters in names that CEL does not.
  const base = wanted.replace(/[^A-Za-z0-9_]/g, "_");
  let name = base;
  for (let count = 2; reserved.has(name) || enclosing.has(name); count += 1) name = `${base}${String(count)}`;
  return name;
}

/** What a part of the review is called; `namespace` is a word that CEL keeps for itself. */
export const rootName = (name: string): string => (name === "namespace" ? "homeNamespace" : name);
