import type { ts } from "./frontend/typescript.js";

/** Where the compiler reads files. All paths are absolute, with forward slashes. */
export interface Sources {
  /** What TypeScript asks for them: its own `ts.sys` on disk. */
  readonly system: ts.System;
  /** The folder of this package, in which the kit lies. */
  readonly packageRoot: string;
}
