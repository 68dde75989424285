/** A provider with its own organisation, credentials and settings, beside those of the stack. */
import * as pulumi from "@pulumi/pulumi";
import { getConfig } from "@pulumi/pulumi/runtime";
import { KEYS, NAMESPACE } from "../provider/config/keys";
import { quoted } from "../provider/workloads/quote";
import { warn } from "./log";
import { suggestionFor } from "./unknown-keys";

/**
 * What a {@link Provider} can name. Each has the meaning of the configuration key `artifact-metadata:…` of the same name;
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
    for (const key of unknownKeysOf(args))
      warn(`Provider ${quoted(name)}: unknown key ${quoted(key)}: it has no effect. ${suggestionFor(key)}`);
    const settings = settingsOf(args);
    super("pulumi-nodejs", name, settings, opts);
    this.__settings = settings;
  }
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
function settingsOf(args: ProviderArgs): Record<string, pulumi.Input<string | undefined>> {
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

/** The provider that a resource will use: its own, or the one that its parent passes on. */
export function providerOf(
  type: string,
  opts: pulumi.CustomResourceOptions | undefined,
): Provider | undefined {
  const given = instanceOf(type, opts);
  return given instanceof Provider ? given : undefined;
}

/** The same, also where it is not of this package's class; undefined: the default provider. Each is a process of its own. */
export const instanceOf = (type: string, opts: pulumi.CustomResourceOptions | undefined): unknown =>
  opts?.provider ?? inherited(type, opts?.parent);

/** Pulumi's own rule for what a child inherits; the method has no public type. */
function inherited(type: string, parent: pulumi.Resource | undefined): unknown {
  const { getProvider } = (parent ?? {}) as {
    getProvider?: (type: string) => unknown;
  };
  return typeof getProvider === "function" ? getProvider.call(parent, type) : undefined;
}

/**
 * The provider's settings in this process, for the data functions.
 *
 * @throws in a preview that does not know one of them yet
 */
export async function settingsIn(provider: Provider): Promise<Record<string, string>> {
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
