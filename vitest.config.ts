import { defineConfig } from "vitest/config";

// `unit` needs Node only; `engines` runs the real engines that `npm run engines` builds.
export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: "unit",
          include: ["**/*.test.ts"],
          exclude: ["**/node_modules/**", "dist/**", "test/engines/**"],
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
    ],
  },
});
