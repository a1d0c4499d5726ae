/** Checks and fixes with the command's own code: its reader, its settings, its evaluator and its fixes. */
import { findBundle } from "../../policy-test/bundle.js";
import { createChecker, type Checker } from "../../policy-test/check.js";
import { parseConfig } from "../../policy-test/config.js";
import type { Engine } from "../../policy-test/engine.js";
import { fixText } from "../../policy-test/fix/text.js";
import type { Problem } from "../../policy-test/problem.js";
import { rulesInForce, withoutConfig } from "../../policy-test/selection.js";
import type { WasmManifest } from "../../wasm/manifest.js";
import { CONFIG_FILE, isSame, MANIFEST_FILE, type Answer, type Choices, type FindingKey, type Question } from "./question.js";

export interface Session {
  readonly choices: Choices;
  readonly check: (question: Question) => Promise<Answer>;
  /**
   * The manifest with the fix of one finding, or of all.
   * @throws Error where it would not be the same but for the fixes, or where nothing can be checked
   */
  readonly fix: (question: Question, only?: FindingKey) => Promise<string>;
}

interface Prepared {
  readonly check: Checker;
  readonly rules: readonly string[];
}

type Problems = { readonly problems: readonly Problem[] };

export function createSession(engine: Engine, manifest: WasmManifest): Session {
  const withFix = new Map(manifest.rules.filter((rule) => rule.fix !== undefined).map((rule) => [rule.id, rule]));

  const prepare = async ({ config: text, bundle: name, rules: named }: Question): Promise<Prepared | Problems> => {
    const bundle = name === "" ? undefined : findBundle(name, manifest);
    if (bundle !== undefined && "problems" in bundle) return bundle;
    const config = text.trim() === "" ? withoutConfig(bundle, manifest) : await parseConfig(text, CONFIG_FILE, manifest, bundle === undefined ? {} : { bundle });
    if ("problems" in config) return config;
    const selection = rulesInForce(config, named, manifest);
    if ("problems" in selection) return selection;
    const { rules } = selection;
    return { check: createChecker({ rules, engine, namespace: "default" }), rules: rules.map(({ id }) => id) };
  };

  return {
    choices: {
      rules: manifest.rules.map(({ id, title, severity, enforcement }) => ({ id, title, severity, enforcement })),
      bundles: manifest.bundles.map(({ name, title }) => ({ name, title })),
    },
    async check(question) {
      const prepared = await prepare(question);
      if ("problems" in prepared) return prepared;
      const { check, rules } = prepared;
      const report = check(question.manifest, MANIFEST_FILE);
      if (!report.findings.some(({ rule }) => withFix.has(rule))) return { report, rules, fixable: [], notFixable: [] };
      try {
        const { fixed, gone, notFixed } = fixText(question.manifest, MANIFEST_FILE, check, withFix);
        const fixable = gone.map(({ rule, line, column, path }, index) => ({ rule, line, column, path, wrote: fixed[index]?.wrote ?? "" }));
        return { report, rules, fixable, notFixable: notFixed.map(({ rule, line, column, path, why }) => ({ rule, line, column, path, why })) };
      } catch {
        // What cannot be fixed safely is offered no fix; that it was found stands above.
        return { report, rules, fixable: [], notFixable: [] };
      }
    },
    async fix(question, only) {
      const prepared = await prepare(question);
      if ("problems" in prepared) throw new Error(prepared.problems.map(({ message }) => message).join("; "));
      return fixText(question.manifest, MANIFEST_FILE, prepared.check, withFix, only === undefined ? undefined : (finding) => isSame(finding, only)).text;
    },
  };
}
