// Check and diff in a process without Pulumi: what the provider itself takes.
const { readFileSync } = require("node:fs");
const [, , name, file] = process.argv;
const provider = require("./provider-host")[name];
const { old, news, outputs, id } = JSON.parse(readFileSync(file, "utf8"));

async function main() {
  const { inputs } = await provider.check(old, news);
  await provider.diff(id, outputs, inputs);
}

void main();
