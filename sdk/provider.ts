/** A provider with its own organisation, credentials and settings, beside those of the stack. */
import * as pulumi from "@pulumi/pulumi";
import { NAMESPACE } from "../provider/config/keys";
import { quoted } from "../provider/workloads/quote";
import { nativeSettingsOf, settingsOf } from "./provider-settings";
import type { ProviderArgs, ProviderWithSettings } from "./provider-settings";

/**
 * Several organisations, tokens or addresses in one program: a resource or a component gets it as `{ provider }`, a data
 * function as its second argument. Without one, the stack's configuration counts.
 *
 * Each provider is a process of its own with its own rate limiter, so a program needs one for each set of credentials,
 * not one for each record.
 *
 * Errors: at preview or `up`, where a resource uses it, each setting that is wrong, by its key.
 *
 * @example
 * ```ts
 * const globex = new Provider("globex", { org: "globex", token: config.requireSecret("globexToken") });
 * new DeploymentRecord("web", { image, logicalEnvironment: "production", deploymentName: "shop-web-web" }, { provider: globex });
 * ```
 */
export class Provider extends pulumi.ProviderResource {
  /** @internal What it was given, completed from the stack. */
  readonly __settings: Record<string, pulumi.Input<string | undefined>>;

  constructor(name: string, args: ProviderArgs = {}, opts?: pulumi.ResourceOptions) {
    const settings = settingsOf(`Provider ${quoted(name)}`, args);
    super("pulumi-nodejs", name, settings, opts);
    this.__settings = settings;
  }
}

/**
 * The same for native resources: a resource or a component that gets it as `{ provider }` is run by the plugin
 * `pulumi-resource-artifact-metadata`, which ships with this package, instead of by Pulumi's host for dynamic resources. The
 * plugin has to be installed, or named in the section `plugins` of `Pulumi.yaml`. A dynamic resource that becomes a native
 * one, or the other way round, stays the same: nothing is written.
 *
 * Errors: as for {@link Provider}; where Pulumi does not find the plugin, it says so.
 *
 * @example
 * ```ts
 * const globex = new NativeProvider("globex", { org: "globex", token: config.requireSecret("globexToken") });
 * new DeploymentRecord("web", { image, logicalEnvironment: "production", deploymentName: "shop-web-web" }, { provider: globex });
 * ```
 */
export class NativeProvider extends pulumi.ProviderResource {
  /** @internal What it was given, completed from the stack. */
  readonly __settings: Record<string, pulumi.Input<string | undefined>>;

  constructor(name: string, args: ProviderArgs = {}, opts?: pulumi.ResourceOptions) {
    const settings = settingsOf(`NativeProvider ${quoted(name)}`, args);
    super(NAMESPACE, name, nativeSettingsOf(settings), opts);
    this.__settings = settings;
  }
}

/** The provider, where the program knows its settings. */
export const withSettings = (provider: unknown): ProviderWithSettings | undefined =>
  provider instanceof Provider || provider instanceof NativeProvider ? provider : undefined;

/** Whether a provider is of this package of Pulumi's; the method has no public type. */
export const isOfPackage = (provider: unknown, name: string): boolean =>
  (provider as { getPackage?: () => string } | undefined)?.getPackage?.() === name;

/** Pulumi's own rule for what a child inherits; the method has no public type. */
export function inherited(type: string, opts: pulumi.CustomResourceOptions | undefined): unknown {
  const { getProvider } = (opts?.parent ?? {}) as {
    getProvider?: (type: string) => unknown;
  };
  return typeof getProvider === "function" ? getProvider.call(opts?.parent, type) : undefined;
}
