import { defineConfig } from "vitest/config";

// For a copy of the repository with a mutant in it: the comparisons of `npm test`, with the wasm made anew.
export default defineConfig({
  test: {
    include: ["**/*.test.ts"],
    exclude: ["**/node_modules/**"],
    setupFiles: ["test/setup.ts", "test/mutants/setup.ts"],
    globalSetup: ["test/mutants/rebuild.ts"],
    testTimeout: 300_000,
    // One difference is enough.
    bail: 1,
    fileParallelism: false,
  },
});
