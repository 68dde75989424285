/** What a provider is configured with: its own arguments, or the keys of the stack in the namespace `artifact-metadata`. */
import type * as pulumi from "@pulumi/pulumi";
import { KEYS, NAMESPACE } from "../provider/config/keys";
import type { Configuration } from "../provider/config/lookup";
import { UNKNOWN } from "../provider/lifecycle/check";
import type { Values } from "./codec";

export const SECRET_KEYS = ["token", "appPrivateKey", "chainloopToken"] as const;

/** What Pulumi itself gives a provider. */
const OF_PULUMI = ["version", "pluginDownloadURL", "pluginChecksums", "__internal"];

/** Values arrive as text, or typed from YAML: all of them become text. */
export function normalized(values: Values): {
  values: Record<string, string>;
  failures: pulumi.dynamic.CheckFailure[];
} {
  const failures: pulumi.dynamic.CheckFailure[] = [];
  const entries = Object.entries(values).flatMap(([name, value]): [string, string][] => {
    if ((value ?? undefined) === undefined || name === "__internal") return [];
    if (["string", "number", "boolean"].includes(typeof value)) return [[name, String(value)]];
    failures.push({ property: name, reason: "must be a string, a number or a boolean" });
    return [];
  });
  return { values: Object.fromEntries(entries), failures };
}

/** The names that are no setting of ours, for a warning. */
export const unknownKeys = (values: object): string[] =>
  Object.keys(values).filter((name) => ![...KEYS, ...OF_PULUMI].includes(name));

/** The default provider has the stack's own keys; another one has arguments, and a name for messages. */
export interface ProviderName {
  name: string;
  isDefault: boolean;
}

/** `urn:pulumi:dev::shop::pulumi:providers:artifact-metadata::default_0_2_0` */
export function nameOf(urn: string): ProviderName {
  const name = urn.slice(urn.lastIndexOf("::") + 2);
  return { name, isDefault: name === "" || name === "default" || name.startsWith("default_") };
}

/** As the settings are read. */
export function configurationOf(
  values: Record<string, string>,
  { name, isDefault }: ProviderName,
): Configuration {
  const own = (key: string) =>
    key.startsWith(`${NAMESPACE}:`) ? key.slice(NAMESPACE.length + 1) : undefined;
  return {
    get(key) {
      const property = own(key);
      const value = property !== undefined && Object.hasOwn(values, property) ? values[property] : undefined;
      return value === UNKNOWN ? undefined : value;
    },
    describe: (key) => (isDefault ? `configuration ${key}` : `${own(key) ?? key} of the provider "${name}"`),
    noTokenHint: isDefault ? DEFAULT_PROVIDER : undefined,
  };
}

const DEFAULT_PROVIDER =
  "(Pulumi passes a stack's github:token to the provider github alone, so this provider cannot use it.)";
