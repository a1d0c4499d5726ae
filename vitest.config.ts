import { defineConfig } from "vitest/config";

// `unit` needs Node only; `engines` runs the real engines that `npm run engines` builds, `cluster` starts them as
// users do, in a control plane on loopback; `ship` installs what is released, from a registry and from catalogues;
// `mutants` breaks the compiler and runs parts of `unit`.
export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: "unit",
          include: ["**/*.test.ts"],
          exclude: ["**/node_modules/**", "dist/**", "site/**", "test/engines/**", "test/package/**", "test/chart/**", "test/cluster/**", "test/ship/**", "test/mutants/run.test.ts"],
          setupFiles: ["test/setup.ts"],
          testTimeout: 60_000,
        },
      },
      {
        test: {
          name: "engines",
          include: ["test/engines/**/*.test.ts"],
          testTimeout: 600_000,
          hookTimeout: 600_000,
        },
      },
      {
        test: {
          // Packs, installs and uses the package as strangers do; asks the registry for its dependencies.
          name: "package",
          include: ["test/package/**/*.test.ts"],
          globalSetup: ["test/package/setup.ts"],
          testTimeout: 120_000,
          hookTimeout: 300_000,
        },
      },
      {
        test: {
          // The built site, in Chromium.
          name: "site",
          include: ["site/test/*.test.ts"],
          // One browser at a time is as much as a small machine takes.
          fileParallelism: false,
          // vitest gives a page a second, which a busy machine needs for less.
          expect: { poll: { timeout: 30_000 } },
          testTimeout: 120_000,
          hookTimeout: 120_000,
        },
      },
      {
        test: {
          // The real helm, alone and with a control plane on loopback.
          name: "chart",
          include: ["test/chart/**/*.test.ts"],
          fileParallelism: false,
          testTimeout: 300_000,
          hookTimeout: 300_000,
        },
      },
      {
        test: {
          name: "mutants",
          include: ["test/mutants/run.test.ts"],
          // Each compiles the rules, and has a vitest of its own.
          maxConcurrency: 2,
          testTimeout: 600_000,
        },
      },
      {
        test: {
          name: "ship",
          include: ["test/ship/**/*.test.ts"],
          // One of them has a control plane of its own.
          fileParallelism: false,
          testTimeout: 600_000,
          hookTimeout: 600_000,
        },
      },
      {
        test: {
          name: "cluster",
          include: ["test/cluster/**/*.test.ts"],
          // Each file has a control plane of its own: one at a time is as much as a small machine takes.
          fileParallelism: false,
          testTimeout: 600_000,
          hookTimeout: 600_000,
        },
      },
    ],
  },
});
