/**
 * The door of the package: `check` for programs, and what rules are written with for their authors.
 * Importing it loads neither the compiler nor the compiled rules; `check` loads what it needs when it is called.
 */
export * from "./policies/kit/index.js";
export * from "./policy-test/index.js";
