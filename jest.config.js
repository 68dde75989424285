/** @type {import("jest").Config} */
module.exports = {
  testEnvironment: "node",
  roots: ["<rootDir>/test"],
  testMatch: ["**/*.test.ts"],
  // Types are checked by `npm run typecheck`; here each file is only transpiled.
  transform: { "^.+\\.ts$": ["ts-jest", { diagnostics: false }] },
  globalSetup: "<rootDir>/test/acceptance/support/global-setup.ts",
  testSequencer: "<rootDir>/test/support/slow-first.cjs",
  testTimeout: 60_000,
  maxWorkers: 2,
};
