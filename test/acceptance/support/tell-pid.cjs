// Loaded into every Node process of a run (NODE_OPTIONS): the provider host says which process it is.
const { renameSync, writeFileSync } = require("node:fs");

const { HOST_PID_FILE: file } = process.env;
if (file && (process.argv[1] ?? "").includes("dynamic-provider")) {
  writeFileSync(`${file}.next`, String(process.pid));
  renameSync(`${file}.next`, file);
}
