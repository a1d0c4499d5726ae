/** Makes policies for a cluster of a config, so that the cluster decides what `policy-test` says. */
import { kustomization } from "../../generator/targets/kustomization.js";
import { yamlFile } from "../../generator/targets/yaml.js";
import type { WasmManifest } from "../../wasm/manifest.js";
import type { Choice } from "../choose.js";
import { withEntries } from "../config/waivers.js";
import { fitsGlob } from "../match.js";
import type { Problem } from "../problem.js";
import type { ActiveRule } from "../rules.js";
import { constraintOf } from "./constraint.js";
import { matchingOf } from "./matching.js";
import { admissionPolicy, kyvernoPolicy } from "./policies.js";

export const renderTargets = ["gatekeeper", "kyverno", "admission-policy"] as const;
export type RenderTarget = (typeof renderTargets)[number];

export interface Rendering {
  /** Texts of YAML by file name; `kustomization.yaml` names the others. */
  readonly files: ReadonlyMap<string, string>;
  readonly notices: readonly Problem[];
}

const makers = { kyverno: kyvernoPolicy, "admission-policy": admissionPolicy } as const;

/** @param source what the files are said to be generated from */
export function render({ rules, waivers }: Choice, target: RenderTarget, source: string, manifest: WasmManifest): Rendering | { readonly problems: readonly Problem[] } {
  const problems: Problem[] = [];
  const notices: Problem[] = [];
  const files = new Map<string, string>();
  for (const active of rules) {
    const rule = manifest.rules.find(({ id }) => id === active.id);
    if (rule === undefined) continue;
    const match = active.match ?? {};
    const parameters = withEntries(active.parameters, waivers.filter((waiver) => waiver.rule === rule.id));
    const matching = matchingOf(match, rule.reviews, target === "kyverno" ? "condition" : "selector");
    if ("why" in matching) {
      problems.push({ message: `rule \`${rule.id}\` would never be asked: ${matching.why}`, help: "change its `match`, or set its enforcement to off" });
      continue;
    }
    const { enforcement } = active;
    const documents = target === "gatekeeper" ? [constraintOf(rule, enforcement, parameters, match)] : makers[target]({ rule, enforcement, parameters, matching });
    if (documents === undefined) notices.push({ message: `rule \`${rule.id}\` is left out: it looks at other objects of the cluster, which no policy for ${target} can` });
    else files.set(`${rule.id}.yaml`, yamlFile(source, documents));
  }
  if (problems.length > 0) return { problems };
  if (files.size === 0) return { problems: [{ message: `nothing to render: no rule has a form for ${target}` }] };
  const reaching = rules.filter(reachesTheSystem).map(({ id }) => `\`${id}\``);
  if (reaching.length > 0) {
    const message = `${reaching.join(", ")} would deny in kube-system as well, where the cluster's own components live`;
    notices.push({ message, help: "`match: {excludedNamespaces: [kube-system]}` in the config leaves them alone" });
  }
  const named = [...files.keys()];
  return { files: new Map([...files, ["kustomization.yaml", yamlFile(source, [kustomization(named)])]]), notices };
}

function reachesTheSystem({ enforcement, reviews, match = {} }: ActiveRule): boolean {
  if (enforcement !== "deny" || reviews === "namespaces") return false;
  const fits = (patterns: readonly string[] | undefined): boolean => patterns?.some((pattern) => fitsGlob(pattern, "kube-system")) === true;
  const isChosen = (match.namespaces ?? []).length === 0 || fits(match.namespaces);
  return isChosen && !fits(match.excludedNamespaces) && match.namespaceSelector === undefined;
}
