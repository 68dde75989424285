// Stryker imports its plugins: this must be JavaScript, with a name that an import can see.
require("ts-node").register({ transpileOnly: true });
exports.strykerPlugins = require("./runner.ts").strykerPlugins;
