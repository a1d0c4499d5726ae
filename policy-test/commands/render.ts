import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { banner } from "../../generator/targets/yaml.js";
import { readWasmManifest, type Assets } from "../assets.js";
import { chooseRules } from "../choose.js";
import { DEFAULT_CONFIG, type Io } from "../io.js";
import { failed, printProblems, textOf } from "../problem.js";
import { render, type RenderTarget } from "../render/index.js";

export interface RenderFlags {
  readonly config?: string;
  readonly bundle?: string;
  readonly target: RenderTarget;
  /** Folder to write into; without it everything goes to standard output. */
  readonly output?: string;
}

/** `policy-test render`: the config as policies for a cluster. */
export async function renderCommand(flags: RenderFlags, io: Io, assets: Assets): Promise<number> {
  const manifest = readWasmManifest(assets.manifest);
  const { config, bundle, target, output } = flags;
  const chosen = await chooseRules({ ...(config === undefined ? {} : { config }), ...(bundle === undefined ? {} : { bundle }), rules: [] }, io, manifest);
  if ("problems" in chosen) return failed(chosen.problems, io);
  if (chosen.config === undefined) return failed([{ message: `there is no ${DEFAULT_CONFIG} to render`, help: "name a config with --config" }], io);
  if (chosen.rules.some(({ constraint }) => constraint !== undefined)) {
    return failed([{ message: `\`${chosen.config.shown}\` holds Constraints, which are for a cluster already`, help: `render is for a ${DEFAULT_CONFIG}` }], io);
  }
  const source = chosen.config.shown;
  const rendering = render(chosen, target, source, manifest);
  if ("problems" in rendering) return failed(rendering.problems, io);
  printProblems([...chosen.notices, ...rendering.notices], io, "notice");
  if (output === undefined) io.stdout.write([...rendering.files].flatMap(([name, text]) => (name === "kustomization.yaml" ? [] : [text])).join("---\n"));
  else {
    try {
      writeFolder(resolve(io.cwd, output), rendering.files, banner(source));
    } catch (error) {
      return failed([{ message: `the policies cannot be written to \`${output}\`: ${textOf(error)}`, help: "name a folder, which is made where there is none" }], io);
    }
  }
  return 0;
}

/** Writes the files, and removes what an earlier run with the same config wrote and this one does not. */
function writeFolder(folder: string, files: ReadonlyMap<string, string>, mark: string): void {
  mkdirSync(folder, { recursive: true });
  for (const name of readdirSync(folder)) {
    if (name.endsWith(".yaml") && !files.has(name) && readFileSync(join(folder, name), "utf8").startsWith(`${mark}\n`)) rmSync(join(folder, name));
  }
  for (const [name, text] of files) writeFileSync(join(folder, name), text);
}
