/** Which rules a run asks, with what and about which objects: from the bundle, the config and the rules that the command names. */
import { resolve } from "node:path";
import { isMapping } from "../manifest/mapping.js";
import { parseYaml } from "../manifest/yaml.js";
import type { WasmManifest } from "../wasm/manifest.js";
import { findBundle } from "./bundle.js";
import { parseConfig, type Config } from "./config.js";
import { findConfig, type FoundConfig } from "./config/find.js";
import type { ConfigWaiver } from "./config/waivers.js";
import { kindOf } from "./input.js";
import { today, type Io } from "./io.js";
import type { MemorySource } from "./memory.js";
import { textOf, type Problem } from "./problem.js";
import type { ActiveRule } from "./rules.js";
import { rulesInForce, withoutConfig } from "./selection.js";
import { readText } from "./text.js";

export interface ChoiceOptions {
  /** Its path, or its text. */
  readonly config?: string | MemorySource;
  readonly bundle?: string;
  /** Ids of the only rules to run. */
  readonly rules: readonly string[];
}

/** The rules to run, and where that is said. */
export interface Choice {
  readonly rules: readonly ActiveRule[];
  readonly config?: FoundConfig;
  readonly notices: readonly Problem[];
  /** In the order of the config. */
  readonly waivers: readonly ConfigWaiver[];
}

type Problems = { readonly problems: readonly Problem[] };

export async function chooseRules(options: ChoiceOptions, { cwd, now }: Pick<Io, "cwd" | "now">, manifest: WasmManifest): Promise<Choice | Problems> {
  const bundle = options.bundle === undefined ? undefined : findBundle(options.bundle, manifest);
  if (bundle !== undefined && "problems" in bundle) return bundle;
  const named = options.config;
  const found = typeof named === "object" ? { shown: named.file, path: named.file } : named === undefined ? findConfig(cwd) : { shown: named, path: resolve(cwd, named) };
  if (found === undefined) return choiceOf(withoutConfig(bundle, manifest), undefined, options.rules, manifest);

  let text: string | undefined;
  try {
    text = typeof named === "object" ? named.text : kindOf(found.path) === "folder" ? undefined : readText(found.path);
  } catch (error) {
    return { problems: [{ message: `cannot read the config \`${found.shown}\`: ${textOf(error)}` }] };
  }
  if (named !== undefined && (text === undefined || isOfKubernetes(text))) {
    if (bundle !== undefined) {
      return { problems: [{ message: "`--bundle` and Constraints both say which rules are run", help: "leave out one of them: what no Constraint asks for is not run" }] };
    }
    const { chooseConstraints } = await import("./config/constraints.js");
    return chooseConstraints(found, text, options.rules, cwd, manifest);
  }
  const config = await parseConfig(text ?? "", found.shown, manifest, { bundle, today: today({ now }) });
  return "problems" in config ? config : choiceOf(config, found, options.rules, manifest);
}

function choiceOf(config: Config, found: FoundConfig | undefined, named: readonly string[], manifest: WasmManifest): Choice | Problems {
  const selection = rulesInForce(config, named, manifest);
  return "problems" in selection ? selection : { ...selection, ...(found === undefined ? {} : { config: found }), notices: [], waivers: config.waivers };
}

/** Whether the text holds objects of Kubernetes; a config of our own names neither apiVersion nor kind. */
function isOfKubernetes(text: string): boolean {
  return parseYaml(text).documents.some(({ value }) => isMapping(value) && (Object.hasOwn(value, "apiVersion") || Object.hasOwn(value, "kind")));
}
