/** The resources of this package: those of a TypeScript program are dynamic, those of the plugin have types of their own. */
const PREFIXES = ["pulumi-nodejs:dynamic/artifact-metadata:", "artifact-metadata:index:"];

/** `DeploymentRecord`; undefined: of another package. */
export function resourceType(type: string): string | undefined {
  const prefix = PREFIXES.find((one) => type.startsWith(one));
  return prefix && type.slice(prefix.length);
}
