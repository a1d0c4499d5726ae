import { at, defineRule, show, violation } from "./kit/index.js";

/** Where a kind of placeholder is looked for: in images, arguments, commands and environment; in images only; nowhere. */
export type Scope = "everywhere" | "image" | "off";

export interface Params {
  /**
   * Which spellings count as placeholders, and where.
   * @default {}
   */
  patterns: {
    /**
     * `<UPPER_CASE>`
     * @default "everywhere"
     */
    angle: Scope;
    /**
     * `${NAME}`
     * @default "image"
     */
    dollar: Scope;
    /**
     * `{{ … }}`
     * @default "image"
     */
    braces: Scope;
  };
}

type Patterns = Params["patterns"];

/** Whether `text` holds a placeholder. A plain search goes first: most texts hold none, and matching costs more. */
function holdsPlaceholder(patterns: Patterns, isImage: boolean, text: string): boolean {
  return (
    (isLookedFor(patterns.angle, isImage) && text.includes("<") && /(^|[^<])<[A-Z][A-Z0-9_]*>/u.test(text)) ||
    (isLookedFor(patterns.dollar, isImage) && text.includes("${") && /\$\{[A-Za-z_][A-Za-z0-9_]*\}/.test(text)) ||
    (isLookedFor(patterns.braces, isImage) && text.includes("{{") && /\{\{[^{}]*\}\}/u.test(text))
  );
}

/** Whether a kind of placeholder is looked for in an image, or in any other text. */
function isLookedFor(scope: Scope, isImage: boolean): boolean {
  return scope === "everywhere" || (isImage && scope === "image");
}

/**
 * A manifest copied from a page still holds what the reader should have replaced, such as `<REGION_ID>` in an
 * image: it is admitted, and then no image can be pulled or the process gets nonsense.
 *
 * @source ACK, "Configure Pods to use host network": replace `<REGION_ID>` by the id of the cluster's region before the
 *   manifest is applied.
 * @limitation Only images, commands, arguments and plain values of variables are read; ConfigMaps and annotations are
 *   not.
 */
export default defineRule<Params>({
  id: "unresolved-placeholder",
  title: "Manifests hold no placeholder that was to be replaced",
  severity: "medium",
  enforcement: "deny",
  *check({ pod }, params) {
    for (const container of pod.containers) {
      const who = `of container "${show(container.name)}"`;
      if (holdsPlaceholder(params.patterns, true, container.image)) {
        yield violation(
          at(container, "image"),
          `image ${who} holds a placeholder, so it cannot be pulled: "${show(container.image)}"; write the real value`,
        );
      }
      for (const [index, text] of container.command.entries()) {
        if (holdsPlaceholder(params.patterns, false, text)) {
          yield violation(
            at(container, "command", index),
            `command[${index}] ${who} holds a placeholder that the process would get as it stands: "${show(text)}"; write the real value`,
          );
        }
      }
      for (const [index, text] of container.args.entries()) {
        if (holdsPlaceholder(params.patterns, false, text)) {
          yield violation(
            at(container, "args", index),
            `args[${index}] ${who} holds a placeholder that the process would get as it stands: "${show(text)}"; write the real value`,
          );
        }
      }
      for (const [index, variable] of container.env.entries()) {
        if (holdsPlaceholder(params.patterns, false, variable.value)) {
          yield violation(
            at(variable, "value"),
            `env[${index}] (${show(variable.name)}) ${who} holds a placeholder that the process would get as it stands: "${show(variable.value)}"; write the real value`,
          );
        }
      }
    }
  },
});
