/** The public door of the compiler: `import { … } from "hostnetwork-policies/generator"`. */
export { compileFiles, compileRules, type Compilation } from "./compile.js";
export type { CelProgram, CelVariable, CompiledRule, RuleMeta, StructuralSchema } from "./compiled.js";
export { formatDiagnostic, type Diagnostic } from "./diagnostics.js";
export { complete, defaultsOf } from "./schema/schema.js";
