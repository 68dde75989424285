// Declares what a test asks for: the environment variable DECLARATIONS holds it (see support/declarations.ts).
const { secret, ComponentResource } = require("@pulumi/pulumi");
const { DeploymentRecord } = require("pulumi-artifact-metadata");

const declared = {};

function outputOf(reference) {
  const [name, property] = reference.split(".");
  return declared[name][property];
}

/** `$secret`, `$output` and `$digest` stand for what JSON cannot say. */
function resolve(value) {
  if (Array.isArray(value)) return value.map(resolve);
  if (typeof value !== "object" || value === null) return value;
  if ("$secret" in value) return secret(resolve(value.$secret));
  if ("$output" in value) return outputOf(value.$output);
  if ("$digest" in value) return outputOf(value.$digest).apply((text) => `sha256:${text.padEnd(64, "0")}`);
  return Object.fromEntries(Object.entries(value).map(([key, part]) => [key, resolve(part)]));
}

function optionsOf({ parent, dependsOn, ...others } = {}) {
  return {
    ...others,
    ...(parent && { parent: declared[parent] }),
    ...(dependsOn && { dependsOn: dependsOn.map((name) => declared[name]) }),
  };
}

function declare({ name, args, get, component, options }) {
  if (component) return new ComponentResource("shop:index:Service", name, {}, optionsOf(options));
  if (get) return DeploymentRecord.get(name, get.id, get.state, optionsOf(options));
  return new DeploymentRecord(name, resolve(args), optionsOf(options));
}

const { resources, outputs } = JSON.parse(process.env.DECLARATIONS);
for (const resource of resources) declared[resource.name] = declare(resource);
module.exports = resolve(outputs);
