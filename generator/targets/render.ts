import { readFileSync } from "node:fs";
import { join } from "node:path";

import handlebars from "handlebars";

import { packageRoot } from "../../wasm/package-root.js";

const textOf = (template: string): string => readFileSync(join(packageRoot, "templates", `${template}.hbs`), "utf8");

/** Templates that others include. */
const PARTIALS = ["example"];

/** Fills in a template of `templates/`. A name that the data lacks is an error, and nothing is escaped for HTML. */
export function render(template: string, data: object): string {
  const environment = handlebars.create();
  for (const partial of PARTIALS) environment.registerPartial(partial, textOf(partial));
  const text = environment.compile(textOf(template), { strict: true, noEscape: true })(data);
  return `${text.trimEnd()}\n`;
}
