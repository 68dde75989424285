/** A resource of this package is dynamic, or native, in the plugin. Which of them it is, its provider decides. */
import type * as pulumi from "@pulumi/pulumi";
import { NAMESPACE } from "../provider/config/keys";
import { assertInstalled } from "./installed";
import { inherited, isOfPackage, withSettings } from "./provider";
import type { ProviderWithSettings } from "./provider-settings";
import { refuseNativeOptions } from "./resource-options";

export interface Forms {
  /** The dynamic type: policies and transforms know the resource by it. */
  type: string;
  nativeType: string;
  /** The code that Pulumi stores in the state of a dynamic resource. */
  code: string;
}

export const formsOf = (name: string, code: string): Forms => ({
  type: `pulumi-nodejs:dynamic/${NAMESPACE}:${name}`,
  nativeType: `${NAMESPACE}:index:${name}`,
  code,
});

export interface Form {
  type: string;
  /** A resource with this type in the state is the same resource. */
  otherType: string;
  /** Undefined for a native resource, which has none. */
  code: string | undefined;
  /** The provider, where this package knows its settings. */
  provider: ProviderWithSettings | undefined;
  /** Whether the provider alone knows the organisation of a resource that names none. */
  hasOwnOrg: boolean;
  /** Tells the providers apart, the default ones too: each is a process of its own. */
  instance: unknown;
}

/** The input with the code; a native resource has no such input. */
export const codeInput = ({ code }: Pick<Form, "code">): { __provider?: string } =>
  code === undefined ? {} : { __provider: code };

const NATIVE_DEFAULT = "the default provider of the plugin";

/**
 * @param resource How an error names it: `DeploymentRecord "web"`.
 * @throws where the options need a native resource and it is dynamic, or the project does not have this package
 */
export function formOf(
  { type, nativeType, code }: Forms,
  resource: string,
  opts: pulumi.CustomResourceOptions | undefined,
): Form {
  const given = opts?.provider ?? inherited(nativeType, opts) ?? inherited(type, opts);
  const provider = withSettings(given);
  const isImported = opts?.import !== undefined;
  if (!isOfPackage(given, NAMESPACE) && !(isImported && given === undefined)) {
    refuseNativeOptions(resource, opts ?? {});
    assertInstalled(resource);
    return { type, otherType: nativeType, code, provider, hasOwnOrg: false, instance: given };
  }
  const hasOwnOrg = given !== undefined && provider === undefined;
  const instance = given ?? NATIVE_DEFAULT;
  return { type: nativeType, otherType: type, code: undefined, provider, hasOwnOrg, instance };
}

/** Whether a value is a resource in one of the two forms, also one that another copy of this package made. */
export const isEither = ({ type, nativeType }: Forms, value: unknown): boolean => {
  const { __pulumiType } = (value ?? {}) as { __pulumiType?: unknown };
  return __pulumiType === type || __pulumiType === nativeType;
};

/** The options, with which the resource is also found under its other type. */
export function withOtherType(
  options: pulumi.CustomResourceOptions | undefined,
  { otherType: type }: Form,
): pulumi.CustomResourceOptions | undefined {
  if (options?.id !== undefined) return options;
  const given: unknown[] = options?.aliases ?? [];
  const renamed = given.filter(isTypeless).map((alias): pulumi.Alias => ({ ...alias, type }));
  return { ...options, aliases: [...(options?.aliases ?? []), ...renamed, { type }] };
}

/** An alias that is renamed, or has another parent; not an output, nor a URN. */
const isTypeless = (alias: unknown): alias is pulumi.Alias =>
  typeof alias === "object" &&
  alias !== null &&
  Object.getPrototypeOf(alias) === Object.prototype &&
  !("type" in alias);
