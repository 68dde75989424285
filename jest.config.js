/** What is loaded with `import()` may be an ES module: it stays as it is. */
const transpile = {
  jsc: { parser: { syntax: "typescript" }, target: "es2022" },
  module: { type: "commonjs", ignoreDynamic: true },
};

/** @type {import("jest").Config} */
module.exports = {
  testEnvironment: "<rootDir>/test/support/warm/environment.ts",
  roots: ["<rootDir>/test"],
  testMatch: ["**/*.test.ts"],
  // What packs and installs, and checks documents and workflows, has a run of its own: jest.package.config.js.
  testPathIgnorePatterns: ["<rootDir>/test/(packaging|docs|workflows)/"],
  // Types are checked by `npm run lint`; here each file is only transpiled.
  transform: { "^.+\\.ts$": ["@swc/jest", transpile] },
  moduleNameMapper: {
    "^@npmcli/arborist$": "<rootDir>/test/support/no-arborist.cjs",
    "^typescript$": "<rootDir>/test/support/warm/typescript.cjs",
  },
  globalSetup: "<rootDir>/test/acceptance/support/global-setup.ts",
  testSequencer: "<rootDir>/test/support/slow-first.cjs",
  testTimeout: 60_000,
  maxWorkers: 2,
};
