import * as pulumi from "@pulumi/pulumi";
import type { Form } from "./form";
import type { ProviderWithSettings } from "./provider-settings";

/**
 * The organisation where a resource names none: that of its provider, else configuration `artifact-metadata:org`, then pulumi-github's
 * `github:owner`, then the environment. It is resolved in the program, so that the record's identity stands in
 * the inputs and shows in the preview.
 */
export function defaultOrg(provider?: ProviderWithSettings): pulumi.Input<string | undefined> {
  const { __settings: settings } = provider ?? {};
  return (
    settings?.["artifact-metadata:org"] ??
    settings?.["github:owner"] ??
    new pulumi.Config("artifact-metadata").get("org") ??
    new pulumi.Config("github").get("owner") ??
    (process.env.GITHUB_OWNER || process.env.GITHUB_REPOSITORY_OWNER || undefined)
  );
}

/** The organisation of a resource; an output that turns out to be undefined names none. */
export function orgOf(
  given: pulumi.Input<string | undefined>,
  { provider, hasOwnOrg }: Pick<Form, "provider" | "hasOwnOrg">,
): pulumi.Input<string | undefined> {
  if (hasOwnOrg) return given;
  if (given === undefined || typeof given === "string") return given ?? defaultOrg(provider);
  const orDefault = (known: string | undefined) => pulumi.output(known ?? defaultOrg(provider));
  return pulumi.output(given).apply(orDefault);
}
