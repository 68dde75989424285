import eslint from "@eslint/js";
import tseslint from "typescript-eslint";

export default tseslint.config(
  // The traces, their program and their provider are kept exactly as they were recorded.
  {
    ignores: [
      "dist/",
      ".build/",
      "reference/",
      "node_modules/",
      "coverage/",
      ".mutation/",
      "test/engine/traces/",
    ],
  },
  eslint.configs.recommended,
  {
    files: ["**/*.ts"],
    extends: [...tseslint.configs.recommended],
    rules: {
      "@typescript-eslint/no-explicit-any": "error",
      "@typescript-eslint/consistent-type-imports": ["error", { disallowTypeAnnotations: false }],
      "@typescript-eslint/no-unused-vars": ["error", { argsIgnorePattern: "^_" }],
    },
  },
  // Rules that need types take most of the time: they hold where the product is.
  {
    files: ["{cli,local,plugin,provider,sdk}/**/*.ts"],
    extends: [...tseslint.configs.recommendedTypeCheckedOnly],
    languageOptions: {
      parserOptions: { project: "./tsconfig.lint.json", tsconfigRootDir: import.meta.dirname },
    },
    rules: {
      "@typescript-eslint/no-floating-promises": "error",
      "@typescript-eslint/require-await": "off",
    },
  },
  {
    files: ["**/*.{js,cjs,mjs}"],
    languageOptions: { globals: { process: "readonly", console: "readonly" } },
  },
  { files: ["**/*.js"], languageOptions: { sourceType: "commonjs" } },
);
