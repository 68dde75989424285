import * as pulumi from "@pulumi/pulumi";
import type { RecordAnswer, StorageAnswer } from "../provider/github/schemas";
import { defaultOrg } from "./config";
import { programError } from "./errors";
import { recordsReader } from "./reader";
import type { RuntimeRisk } from "./risks";

/** Whose records are asked for. */
export interface GetRecordsArgs {
  /** The organisation's login. @default as for the resources: configuration `artifact-metadata:org`, … */
  org?: string;
  /** The artifact's digest: `sha256:` and 64 hexadecimal digits in lower case. */
  digest: string;
}

/** {@link GetRecordsArgs} with inputs. */
export interface GetRecordsOutputArgs {
  org?: pulumi.Input<string>;
  digest: pulumi.Input<string>;
}

/** A deployment record as GitHub lists it. Lists show neither status nor name, version and repository. */
export interface ListedDeploymentRecord {
  recordId?: string;
  digest: string;
  logicalEnvironment: string;
  physicalEnvironment?: string;
  cluster?: string;
  deploymentName: string;
  tags: Record<string, string>;
  runtimeRisks: RuntimeRisk[];
  attestationId?: string;
  createdAt?: string;
  updatedAt?: string;
}

/** A storage record as GitHub lists it. Lists show neither version nor path. */
export interface ListedStorageRecord {
  recordId?: string;
  name: string;
  digest: string;
  registryUrl: string;
  artifactUrl?: string;
  repository?: string;
  status?: string;
  createdAt?: string;
  updatedAt?: string;
}

/** What {@link getDeploymentRecords} found. */
export interface GetDeploymentRecordsResult {
  org: string;
  digest: string;
  records: ListedDeploymentRecord[];
}

/** What {@link getStorageRecords} found. */
export interface GetStorageRecordsResult {
  org: string;
  digest: string;
  records: ListedStorageRecord[];
}

/**
 * All deployment records of one digest, whoever wrote them; in a preview too.
 *
 * Errors: an input that GitHub would refuse, a token that may not read, GitHub that cannot be reached.
 * API: https://docs.github.com/rest/orgs/artifact-metadata#list-artifact-deployment-records
 *
 * @example
 * ```ts
 * const { records } = await getDeploymentRecords({ digest: "sha256:…" });
 * ```
 */
export async function getDeploymentRecords(args: GetRecordsArgs): Promise<GetDeploymentRecordsResult> {
  const found = await recordsReader().deploymentRecords(withOrg(args)).catch(failed("getDeploymentRecords"));
  return { ...found, records: found.records.map(listedDeployment) };
}

/** {@link getDeploymentRecords} for inputs that may not be known yet. */
export const getDeploymentRecordsOutput = (
  args: GetRecordsOutputArgs,
): pulumi.Output<GetDeploymentRecordsResult> =>
  pulumi.output(args).apply((known) => getDeploymentRecords(known));

/**
 * All storage records of one digest that the token may read, whoever wrote them; in a preview too.
 *
 * Errors: an input that GitHub would refuse, a token that may not read, GitHub that cannot be reached.
 * API: https://docs.github.com/rest/orgs/artifact-metadata#list-artifact-storage-records
 *
 * @example
 * ```ts
 * const { records } = await getStorageRecords({ digest: "sha256:…" });
 * ```
 */
export async function getStorageRecords(args: GetRecordsArgs): Promise<GetStorageRecordsResult> {
  const found = await recordsReader().storageRecords(withOrg(args)).catch(failed("getStorageRecords"));
  return { ...found, records: found.records.map(listedStorage) };
}

/** {@link getStorageRecords} for inputs that may not be known yet. */
export const getStorageRecordsOutput = (args: GetRecordsOutputArgs): pulumi.Output<GetStorageRecordsResult> =>
  pulumi.output(args).apply((known) => getStorageRecords(known));

const withOrg = (args: GetRecordsArgs) => ({ ...args, org: args.org ?? defaultOrg() });

/** The message says everything; a stack would only hide it. */
const failed =
  (caller: string) =>
  (error: unknown): never => {
    throw programError(`${caller}: ${error instanceof Error ? error.message : String(error)}`);
  };

const listedDeployment = (record: RecordAnswer): ListedDeploymentRecord => ({
  recordId: record.id,
  digest: record.digest,
  logicalEnvironment: record.logical_environment,
  physicalEnvironment: record.physical_environment || undefined,
  cluster: record.cluster || undefined,
  deploymentName: record.deployment_name,
  tags: record.tags ?? {},
  runtimeRisks: (record.runtime_risks ?? []) as RuntimeRisk[],
  attestationId: record.attestation_id,
  createdAt: record.created_at,
  updatedAt: record.updated_at,
});

const listedStorage = (record: StorageAnswer): ListedStorageRecord => ({
  recordId: record.id,
  name: record.name,
  digest: record.digest,
  registryUrl: record.registry_url,
  artifactUrl: record.artifact_url,
  repository: record.repository,
  status: record.status,
  createdAt: record.created_at,
  updatedAt: record.updated_at,
});
