// Declares resources of every kind: the environment variable DECLARATIONS holds them (see support/mixed.ts).
const { secret } = require("@pulumi/pulumi");
const artifacts = require("pulumi-artifact-metadata");

const declared = {};

/** `$output` and `$digest` stand for what is not known in a preview, `$secret` for what is not to be shown. */
function resolve(value) {
  if (Array.isArray(value)) return value.map(resolve);
  if (typeof value !== "object" || value === null) return value;
  if ("$output" in value) {
    const [name, property] = value.$output.split(".");
    const output = declared[name][property];
    return "$key" in value ? output.apply((known) => known[value.$key]) : output;
  }
  if ("$secret" in value) return secret(resolve(value.$secret));
  if ("$prefix" in value) return resolve(value.of).apply((text) => `${value.$prefix}${text}`);
  if ("$digest" in value) return resolve(value.$digest).apply((text) => `sha256:${text.padEnd(64, "0")}`);
  return Object.fromEntries(Object.entries(value).map(([key, part]) => [key, resolve(part)]));
}

const { resources, outputs } = JSON.parse(process.env.DECLARATIONS);
for (const { kind, name, args, options = {} } of resources) {
  const make = artifacts[kind];
  const { dependsOn, provider, ...others } = options;
  const opts = {
    ...others,
    dependsOn: dependsOn?.map((other) => declared[other]),
    provider: declared[provider],
  };
  declared[name] = kind.startsWith("get")
    ? make(resolve(args), { provider: opts.provider })
    : new make(name, resolve(args), opts);
}
module.exports = resolve(outputs);
