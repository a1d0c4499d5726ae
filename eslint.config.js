import js from "@eslint/js";
import tseslint from "typescript-eslint";

export default tseslint.config(
  // Fixtures of rules that must not compile are not ours to lint.
  { ignores: ["dist/", "node_modules/", "coverage/", "site/", "**/fixtures/**"] },
  js.configs.recommended,
  {
    files: ["**/*.ts"],
    extends: [tseslint.configs.strictTypeChecked],
    languageOptions: { parserOptions: { project: "./tsconfig.json", tsconfigRootDir: import.meta.dirname } },
    rules: {
      "@typescript-eslint/switch-exhaustiveness-check": ["error", { considerDefaultExhaustiveForUnions: true }],
      "@typescript-eslint/consistent-type-imports": "error",
      "@typescript-eslint/restrict-template-expressions": ["error", { allowNumber: true }],
      // Texts are spread into code points on purpose: that is what Rego and CEL count.
      "@typescript-eslint/no-misused-spread": ["error", { allow: ["string"] }],
      // `return visit(x)` of a void function ends a branch; it misleads nobody.
      "@typescript-eslint/no-confusing-void-expression": "off",
      // The view's types are made from the table: an interface gives them their name.
      "@typescript-eslint/no-empty-object-type": ["error", { allowInterfaces: "with-single-extends" }],
      "@typescript-eslint/no-unused-vars": ["error", { argsIgnorePattern: "^_", varsIgnorePattern: "^_" }],
    },
  },
);
