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
    extends: [...tseslint.configs.recommendedTypeChecked],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      "@typescript-eslint/no-explicit-any": "error",
      "@typescript-eslint/consistent-type-imports": ["error", { disallowTypeAnnotations: false }],
      "@typescript-eslint/no-floating-promises": "error",
      "@typescript-eslint/no-unused-vars": ["error", { argsIgnorePattern: "^_" }],
      "@typescript-eslint/require-await": "off",
    },
  },
  {
    files: ["**/*.{js,cjs,mjs}"],
    languageOptions: { globals: { process: "readonly", console: "readonly" } },
  },
  { files: ["**/*.js"], languageOptions: { sourceType: "commonjs" } },
);
