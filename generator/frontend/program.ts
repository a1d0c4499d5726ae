import { readdirSync } from "node:fs";
import { join, relative, resolve } from "node:path";
import { packageRoot } from "../../wasm/package-root.js";
import { diagnosticInFile, type Diagnostic } from "../diagnostics.js";
import { describeTypeError } from "./type-errors.js";
import { ts } from "./typescript.js";

/** Files of `dir` that may hold a rule: TypeScript, neither tests nor declarations nor an index; sorted. */
export function ruleFiles(dir: string): string[] {
  return readdirSync(dir)
    .filter((name) => /\.ts$/.test(name) && !/(\.test|\.d)\.ts$/.test(name) && name !== "index.ts")
    .sort()
    .map((name) => resolve(dir, name));
}

/** One program over all rule files, under the settings that the subset relies on. */
export function createProgram(files: readonly string[]): ts.Program {
  return ts.createProgram({
    // What stands around every rule is compiled from its source too (frame.ts).
    rootNames: [...files, join(packageRoot, "policies/kit/frame.ts")],
    options: {
      target: ts.ScriptTarget.ES2022,
      lib: ["lib.es2023.d.ts"],
      module: ts.ModuleKind.ESNext,
      moduleResolution: ts.ModuleResolutionKind.Bundler,
      strict: true,
      noUncheckedIndexedAccess: true,
      noEmit: true,
      skipLibCheck: true,
      types: [],
      // Rules of other people import the kit by the package's name; the compiler needs its source.
      paths: { "hostnetwork-policies": [join(packageRoot, "policies/kit/index.ts")] },
    },
  });
}

/** What TypeScript itself says of a file, as our diagnostics. */
export function typeErrors(program: ts.Program, file: ts.SourceFile): Diagnostic[] {
  const found = [...program.getSyntacticDiagnostics(file), ...program.getSemanticDiagnostics(file)];
  const silenced = [...file.text.matchAll(/(?<=\/\/|\/\*|^\s*\*)\s*@ts-(?:ignore|expect-error|nocheck)\b/gm)].map(({ 0: text, index }) =>
    diagnosticInFile(file, index + text.length - text.trimStart().length, text.trimStart().length, "a rule relies on TypeScript's checks", "leave the comment out, and give the value a type that fits"),
  );
  const errors = found.map((each) => {
    const { what, help } = describeTypeError(each);
    return diagnosticInFile(each.file ?? file, each.start ?? 0, each.length ?? 1, what, help);
  });
  return [...silenced, ...errors];
}

/** The path of a file as people write it: relative to the working folder, with forward slashes. */
export function displayPath(file: string): string {
  const path = relative(process.cwd(), file).replaceAll("\\", "/");
  return path === "" || path.startsWith("../") ? file : path;
}
