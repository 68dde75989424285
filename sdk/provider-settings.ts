/** What a provider of this package is configured with. */
import * as pulumi from "@pulumi/pulumi";
import { getConfig } from "@pulumi/pulumi/runtime";
import { KEYS, NAMESPACE } from "../provider/config/keys";
import { quoted } from "../provider/workloads/quote";
import { warn } from "./log";
import { suggestionFor } from "./unknown-keys";

/**
 * What a {@link Provider} and a {@link NativeProvider} can name. Each has the meaning of the configuration key `artifact-metadata:…` of the same name;
 * what is left out is taken from the stack.
 */
export interface ProviderArgs {
  /** The organisation of records that name none. @example "acme" */
  org?: pulumi.Input<string | undefined>;
  /** A token with the permission "Artifact metadata: write". It is made a secret. */
  token?: pulumi.Input<string | undefined>;
  /** A GitHub App's ID or client ID, instead of a token. */
  appId?: pulumi.Input<string | undefined>;
  /** The App's installation. @default the one in each record's organisation */
  appInstallationId?: pulumi.Input<string | undefined>;
  /** The App's private key, the content of its PEM file. It is made a secret. */
  appPrivateKey?: pulumi.Input<string | undefined>;
  /** The address of GitHub's API. @default "https://api.github.com" @example "https://api.octocorp.ghe.com" */
  baseUrl?: pulumi.Input<string | undefined>;
  /** What happens where GitHub has no artifact of a digest. @default "error" */
  onMissingArtifact?: pulumi.Input<"error" | "warn" | undefined>;
  /** Whether to read the live record before decommissioning. @default true */
  verifyOwnership?: pulumi.Input<boolean | undefined>;
  /** Whether to look for attestations before something is recorded. @default "off" */
  verifyArtifacts?: pulumi.Input<boolean | "off" | "warn" | "error" | undefined>;
  /** The deadline of one operation, in seconds. @default 300 */
  timeoutSeconds?: pulumi.Input<number | undefined>;
  /** A token for Chainloop. It is made a secret. */
  chainloopToken?: pulumi.Input<string | undefined>;
  /** The address of Chainloop's API. @default "https://api.app.chainloop.dev" */
  chainloopUrl?: pulumi.Input<string | undefined>;
}

/** Text by text, under the stack's own keys. */
export type Settings = Record<string, pulumi.Input<string | undefined>>;

/** A provider whose settings the program knows, for its data functions and for resources that name no organisation. */
export interface ProviderWithSettings {
  /** @internal What it was given, completed from the stack. */
  readonly __settings: Settings;
}

const SECRETS: readonly string[] = ["token", "appPrivateKey", "chainloopToken"];

/** A token and an App exclude each other, so a provider that names one of them takes neither from the stack. */
const CREDENTIALS: readonly string[] = ["token", "appId", "appInstallationId", "appPrivateKey"];

/** pulumi-github's keys, which serve where ours are not set. */
const OF_GITHUB = ["token", "owner", "baseUrl"];

/** JavaScript does not see them. */
const unknownKeysOf = (args: ProviderArgs): string[] =>
  Object.keys(args).filter((key) => !(KEYS as readonly string[]).includes(key));

/** The provider's configuration as Pulumi carries it: text by text, under the stack's own keys. */
export function settingsOf(provider: string, args: ProviderArgs): Settings {
  for (const key of unknownKeysOf(args))
    warn(`${provider}: unknown key ${quoted(key)}: it has no effect. ${suggestionFor(key)}`);
  const namesCredentials = CREDENTIALS.some((key) => args[key as keyof ProviderArgs] !== undefined);
  const own = KEYS.map((key) => {
    const given = args[key];
    const value =
      given !== undefined
        ? asText(given)
        : namesCredentials && CREDENTIALS.includes(key)
          ? undefined
          : fromStack(NAMESPACE, key);
    return [
      `${NAMESPACE}:${key}`,
      value !== undefined && SECRETS.includes(key) ? pulumi.secret(value) : value,
    ] as const;
  });
  const github = OF_GITHUB.map((key) => {
    const value = namesCredentials && key === "token" ? undefined : fromStack("github", key);
    return [`github:${key}`, value !== undefined && key === "token" ? pulumi.secret(value) : value] as const;
  });
  return Object.fromEntries([...own, ...github].filter(([, value]) => value !== undefined));
}

/** Not by `pulumi.Config`, which warns about secrets that are read as plain text: here they become secrets again. */
const fromStack = (namespace: string, key: string): string | undefined => getConfig(`${namespace}:${key}`);

function asText(
  value: pulumi.Input<string | number | boolean | undefined>,
): pulumi.Input<string | undefined> {
  const text = (known: string | number | boolean | undefined) =>
    known === undefined ? undefined : String(known);
  return pulumi.Output.isInstance(value) || value instanceof Promise
    ? pulumi.output(value as pulumi.Output<string | number | boolean | undefined>).apply(text)
    : text(value);
}

/** The same by the plugin's own names. Pulumi passes the keys of pulumi-github to that provider alone, so they become ours. */
export function nativeSettingsOf(settings: Settings): Settings {
  const own = (key: string) => settings[`${NAMESPACE}:${key}`];
  const hasCredentials = CREDENTIALS.some((key) => own(key) !== undefined);
  const ofGitHub: Record<string, pulumi.Input<string | undefined>> = {
    org: settings["github:owner"],
    token: hasCredentials ? undefined : settings["github:token"],
    baseUrl: settings["github:baseUrl"],
  };
  const values = KEYS.map((key) => [key, own(key) ?? ofGitHub[key]] as const);
  return Object.fromEntries(values.filter(([, value]) => value !== undefined));
}

/**
 * The provider's settings in this process, for the data functions.
 *
 * @throws in a preview that does not know one of them yet
 */
export async function settingsIn(provider: ProviderWithSettings): Promise<Record<string, string>> {
  const output = pulumi.output(provider.__settings) as unknown as Known;
  if (!(await output.isKnown)) throw new Error("the settings of its provider are not known in this preview");
  const settings = Object.entries(await output.promise()).filter(([, value]) => value !== undefined);
  return Object.fromEntries(settings) as Record<string, string>;
}

/** What each output has, and its type leaves out. */
interface Known {
  isKnown: Promise<boolean>;
  promise(): Promise<Record<string, string | undefined>>;
}
