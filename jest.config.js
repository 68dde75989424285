/** @type {import("jest").Config} */
module.exports = {
  testEnvironment: "<rootDir>/test/support/warm/environment.ts",
  roots: ["<rootDir>/test"],
  testMatch: ["**/*.test.ts"],
  // What packs and installs, and checks documents and workflows, has a run of its own: jest.package.config.js.
  testPathIgnorePatterns: ["<rootDir>/test/(packaging|docs|workflows)/"],
  // Types are checked by `npm run typecheck`; here each file is only transpiled.
  transform: { "^.+\\.ts$": ["ts-jest", { diagnostics: false }] },
  globalSetup: "<rootDir>/test/acceptance/support/global-setup.ts",
  testSequencer: "<rootDir>/test/support/slow-first.cjs",
  testTimeout: 60_000,
  maxWorkers: 2,
};
