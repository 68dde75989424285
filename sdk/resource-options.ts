/** What a resource of this package does with Pulumi's options. */
import type * as pulumi from "@pulumi/pulumi";
import { programError } from "./errors";
import { refuseSecrets } from "./identity-inputs";

/**
 * The options as Pulumi gets them. A record has no property `image`, so `ignoreChanges` and `replaceOnChanges` get name, version
 * and digest instead. Without this, they would silently do nothing.
 *
 * @param resource How an error names it: `DeploymentRecord "web"`.
 * @param artifact The properties that `image` stands for.
 * @param identity The properties that the ID shows.
 * @throws where the options want a part of the ID secret
 */
export function resourceOptions(
  resource: string,
  options: pulumi.CustomResourceOptions | undefined,
  artifact: readonly string[],
  identity: readonly string[] = [],
): pulumi.CustomResourceOptions | undefined {
  if (options === undefined) return options;
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

/**
 * What Pulumi does for native resources alone.
 *
 * @throws where the options ask for it
 */
export function refuseNativeOptions(
  resource: string,
  { import: imported, replaceOnChanges }: pulumi.CustomResourceOptions,
): void {
  if (imported !== undefined)
    throw programError(
      `${resource}: the option import needs a native provider, and this one is dynamic. Use NativeProvider in place of ` +
        "Provider, or remove the option: creating the resource takes over the record that exists.",
    );
  // Pulumi compares it with the names of the changed properties, which a dynamic provider has no way to report.
  if (replaceOnChanges === undefined || replaceOnChanges.length === 0) return;
  throw programError(
    `${resource}: the option replaceOnChanges has no effect on dynamic resources. Remove it, or use replacementTrigger: ` +
      "Pulumi replaces the resource when the value that you give there changes.",
  );
}

function withoutImages(
  options: pulumi.CustomResourceOptions,
  artifact: readonly string[],
): pulumi.CustomResourceOptions {
  const { ignoreChanges, replaceOnChanges } = options;
  if (![ignoreChanges, replaceOnChanges].some((paths) => Array.isArray(paths) && paths.some(namesImage)))
    return options;
  return {
    ...options,
    ...(ignoreChanges && { ignoreChanges: withoutImage(ignoreChanges, artifact) }),
    ...(replaceOnChanges && { replaceOnChanges: withoutImage(replaceOnChanges, artifact) }),
  };
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
