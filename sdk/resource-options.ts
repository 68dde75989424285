/** What a resource of this package does with Pulumi's options. */
import type * as pulumi from "@pulumi/pulumi";
import { programError } from "./errors";
import { refuseSecrets } from "./identity-inputs";

/**
 * The options as Pulumi gets them. A record has no property `image`, so `ignoreChanges` gets name, version and digest
 * instead. Without this, it would silently do nothing.
 *
 * @param resource How an error names it: `DeploymentRecord "web"`.
 * @param artifact The properties that `image` stands for.
 * @param identity The properties that the ID shows.
 * @throws if the options contain `import` or `replaceOnChanges`, which Pulumi does not support for dynamic resources, or
 * want a part of the ID secret
 */
export function resourceOptions(
  resource: string,
  options: pulumi.CustomResourceOptions | undefined,
  artifact: readonly string[],
  identity: readonly string[] = [],
): pulumi.CustomResourceOptions | undefined {
  if (options === undefined) return options;
  if (options.import !== undefined)
    throw programError(
      `${resource}: the option import is not supported. Remove it: creating the resource takes over the record that exists.`,
    );
  refuseReplaceOnChanges(resource, options.replaceOnChanges);
  const hidden = options.additionalSecretOutputs?.filter((output) => identity.includes(output)) ?? [];
  if (hidden.length > 0)
    throw programError(
      `${resource}: additionalSecretOutputs names ${hidden.join(", ")}, which the record's ID shows in plain text. ` +
        "Remove it there.",
    );
  const { id } = options;
  const checked = refuseSecrets({ id }, { owner: resource, fields: ["id"], shownIn: "the state" });
  return withoutImages(checked.id === id ? options : { ...options, ...checked }, artifact);
}

/** Pulumi compares it with the names of the changed properties, which a dynamic provider has no way to report. */
function refuseReplaceOnChanges(resource: string, paths: readonly string[] | undefined): void {
  if (paths === undefined || paths.length === 0) return;
  throw programError(
    `${resource}: the option replaceOnChanges has no effect on dynamic resources. Remove it, or use replacementTrigger: ` +
      "Pulumi replaces the resource when the value that you give there changes.",
  );
}

function withoutImages(
  options: pulumi.CustomResourceOptions,
  artifact: readonly string[],
): pulumi.CustomResourceOptions {
  const { ignoreChanges } = options;
  if (!Array.isArray(ignoreChanges) || !ignoreChanges.some(namesImage)) return options;
  return { ...options, ignoreChanges: withoutImage(ignoreChanges, artifact) };
}

/** `image`, or of a set `deployments["x"].image`, `deployments.x["image"]`, `deployments[*].image`; not a tag `image`. */
const IMAGE =
  /^(?:(deployments(?:\.[^.[\]"]+|\["(?:[^"\\]|\\.)*"\]|\[\*\]))(?:\.image|\["image"\])|image|\["image"\])$/s;

const namesImage = (path: unknown): boolean => typeof path === "string" && IMAGE.test(path);

function withoutImage(paths: string[], artifact: readonly string[]): string[] {
  return paths.flatMap((path) => {
    const match = IMAGE.exec(path);
    if (match === null) return [path];
    const [, entry] = match;
    return artifact.map((property) => (entry === undefined ? property : `${entry}.${property}`));
  });
}
