import * as pulumi from "@pulumi/pulumi";
import { defaultOrg } from "./config";
import { programError } from "./errors";
import { assertPublic, refuseSecrets } from "./identity-inputs";
import type { Reader } from "../provider/get-records";
import type { NativeProvider, Provider } from "./provider";
import { recordsReader } from "./reader";
import type { RuntimeRisk } from "./risks";

/** Whose records are asked for. */
export interface GetRecordsArgs {
  /** The organisation's login. @default as for the resources: configuration `artifact-metadata:org`, … */
  org?: string;
  /** The artifact's digest: `sha256:` and 64 hexadecimal digits in lower case. */
  digest: string;
}

/** Options of a data function. */
export interface GetRecordsOptions {
  /** Whose credentials and organisation are used. @default those of the stack */
  provider?: Provider | NativeProvider;
}

/** {@link GetRecordsArgs} with inputs. */
export interface GetRecordsOutputArgs {
  /** The organisation's login. */
  org?: pulumi.Input<string | undefined>;
  /** The artifact's digest. */
  digest: pulumi.Input<string>;
}

/** A deployment record as GitHub lists it. Lists show neither status nor name, version and repository. */
export interface ListedDeploymentRecord {
  /** The API's id of the record. */
  recordId?: string;
  /** The artifact's digest. */
  digest: string;
  /** The stage, such as `production`. */
  logicalEnvironment: string;
  /** The region, such as `eu-west-1`. */
  physicalEnvironment?: string;
  /** The cluster, such as `prod-eu`. */
  cluster?: string;
  /** What tells this deployment from others in the same environment. */
  deploymentName: string;
  /** The deployment's tags. */
  tags: Record<string, string>;
  /** What the deployment is exposed to. */
  runtimeRisks: RuntimeRisk[];
  /** GitHub's id of the artifact's provenance attestation, if there is one. */
  attestationId?: string;
  /** When the record was created (ISO 8601). */
  createdAt?: string;
  /** When it was last written, by GitHub's clock (ISO 8601). */
  updatedAt?: string;
}

/** A storage record as GitHub lists it. Lists show neither version nor path. */
export interface ListedStorageRecord {
  /** The API's id of the record. */
  recordId?: string;
  /** The artifact's name. */
  name: string;
  /** The artifact's digest. */
  digest: string;
  /** The registry's address. */
  registryUrl: string;
  /** The artifact's own address. */
  artifactUrl?: string;
  /** The registry's repository. */
  repository?: string;
  /** `active`, `eol` or `deleted`. */
  status?: string;
  /** When the record was created (ISO 8601). */
  createdAt?: string;
  /** When it was last written, by GitHub's clock (ISO 8601). */
  updatedAt?: string;
}

/** What {@link getDeploymentRecords} found. */
export interface GetDeploymentRecordsResult {
  /** The organisation's login. */
  org: string;
  /** The artifact's digest. */
  digest: string;
  /** The records that GitHub lists. */
  records: ListedDeploymentRecord[];
}

/** What {@link getStorageRecords} found. */
export interface GetStorageRecordsResult {
  /** The organisation's login. */
  org: string;
  /** The artifact's digest. */
  digest: string;
  /** The records that GitHub lists. */
  records: ListedStorageRecord[];
}

/**
 * All deployment records of one digest, whoever wrote them; in a preview too.
 *
 * Errors: an input that GitHub would refuse, a token that is not allowed to read, GitHub that cannot be reached.
 * API: https://docs.github.com/rest/orgs/artifact-metadata#list-artifact-deployment-records
 *
 * @example
 * ```ts
 * const { records } = await getDeploymentRecords({ digest: "sha256:…" });
 * ```
 */
export async function getDeploymentRecords(
  args: GetRecordsArgs,
  opts?: GetRecordsOptions,
): Promise<GetDeploymentRecordsResult> {
  return read("getDeploymentRecords", args, opts, (reader, query) => reader.deploymentRecords(query));
}

/** {@link getDeploymentRecords} for inputs that can be outputs. */
export const getDeploymentRecordsOutput = (
  args: GetRecordsOutputArgs,
  opts?: GetRecordsOptions,
): pulumi.Output<GetDeploymentRecordsResult> =>
  pulumi.output(publicArgs("getDeploymentRecords", args)).apply((known) => getDeploymentRecords(known, opts));

/**
 * All storage records of one digest that the token is allowed to read, whoever wrote them; in a preview too.
 *
 * Errors: an input that GitHub would refuse, a token that is not allowed to read, GitHub that cannot be reached.
 * API: https://docs.github.com/rest/orgs/artifact-metadata#list-artifact-storage-records
 *
 * @example
 * ```ts
 * const { records } = await getStorageRecords({ digest: "sha256:…" });
 * ```
 */
export async function getStorageRecords(
  args: GetRecordsArgs,
  opts?: GetRecordsOptions,
): Promise<GetStorageRecordsResult> {
  return read("getStorageRecords", args, opts, (reader, query) => reader.storageRecords(query));
}

/** {@link getStorageRecords} for inputs that can be outputs. */
export const getStorageRecordsOutput = (
  args: GetRecordsOutputArgs,
  opts?: GetRecordsOptions,
): pulumi.Output<GetStorageRecordsResult> =>
  pulumi.output(publicArgs("getStorageRecords", args)).apply((known) => getStorageRecords(known, opts));

/** Both stand in the request's path, which errors show. */
const publicArgs = (owner: string, args: GetRecordsOutputArgs): GetRecordsOutputArgs =>
  refuseSecrets(args, { owner, fields: ["org", "digest"], shownIn: "an error" });

/** The organisation is that of the arguments, of the provider, or of the stack. */
async function read<T>(
  caller: string,
  args: GetRecordsArgs,
  { provider }: GetRecordsOptions = {},
  list: (reader: Reader, query: { org?: string; digest: string }) => Promise<T>,
): Promise<T> {
  const org = args.org ?? defaultOrg(provider);
  await assertPublic({ org }, { owner: caller, fields: ["org"], shownIn: "an error" });
  try {
    const reader = await recordsReader(provider);
    return await list(reader, { ...args, org: (await valueOf(org)) || undefined });
  } catch (error) {
    // The message says everything; a stack would only hide it.
    throw programError(`${caller}: ${error instanceof Error ? error.message : String(error)}`);
  }
}

const valueOf = <T>(input: pulumi.Input<T>): Promise<T> =>
  new Promise((resolve) => pulumi.output(input).apply((value) => resolve(value as T)));
