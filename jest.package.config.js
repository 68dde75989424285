/** `npm run test:package`: the package as it is published, the documents and the workflows. */
const config = require("./jest.config");

/** @type {import("jest").Config} */
module.exports = {
  ...config,
  testPathIgnorePatterns: [],
  roots: ["packaging", "docs", "workflows"].map((folder) => `<rootDir>/test/${folder}`),
};
