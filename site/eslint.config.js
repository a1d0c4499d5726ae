import js from "@eslint/js";
import tseslint from "typescript-eslint";
import shared from "../eslint.config.js";

// The rules of the repository, with the types of a browser.
export default tseslint.config(
  { ignores: [".vitepress/cache/", ".vitepress/dist/", ".content/", "node_modules/"] },
  js.configs.recommended,
  ...shared.filter(({ ignores }) => ignores === undefined).map((config) => (config.languageOptions?.parserOptions === undefined ? config : { ...config, languageOptions: { ...config.languageOptions, parserOptions: { project: "./tsconfig.json", tsconfigRootDir: import.meta.dirname } } })),
);
