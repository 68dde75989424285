/** What the data functions call: of the SDK in the program's own process, of the plugin in the provider's. */
import { z } from "zod";
import { ARTIFACT_KINDS } from "./chainloop/deployments";
import { listDeployments } from "./chainloop/list";
import type { Filter } from "./chainloop/list";
import type { ChainloopAnswer } from "./chainloop/schemas";
import { DEPLOYMENT_STATUSES } from "./chainloop/statuses";
import type { Configuration } from "./config/lookup";
import type { GitHubClient } from "./github/client";
import { listDeploymentRecords } from "./github/deployment-records";
import type { RecordAnswer, StorageAnswer } from "./github/schemas";
import { listStorageRecords } from "./github/storage-records";
import type { RuntimeRisk } from "./github/wire";
import { environmentName } from "./chainloop-deployment/fields";
import { checkInputs } from "./lifecycle/check";
import type { Fields } from "./lifecycle/check";
import { ProviderError } from "./runtime/errors";
import * as fields from "./lifecycle/fields";
import { createRunContext } from "./create-run-context";
import type { RunContextOptions } from "./create-run-context";
import type { RunContext } from "./lifecycle/run-context";

export interface Query {
  org: string;
  digest: string;
}

const queryFields = { org: fields.org, digest: fields.digest };
const filterFields = {
  environmentName: environmentName.optional(),
  status: z
    .enum(DEPLOYMENT_STATUSES, `must be one of ${DEPLOYMENT_STATUSES.map((one) => `"${one}"`).join(", ")}`)
    .optional(),
};

/** @throws ProviderError that names the argument */
function checked<T extends object>(allowed: Fields, query: Partial<T>): T {
  const { failures = [] } = checkInputs(allowed, query);
  if (failures.length === 0) return query as T;
  throw new ProviderError(`${failures.map(({ property, reason }) => `${property} ${reason}`).join("; ")}.`);
}

export function createReader(options: RunContextOptions, config: Configuration) {
  const context = createRunContext(options);
  context.configure(config);
  return readerOf(context);
}

/** The data functions with the configuration and the clients of a run. */
export function readerOf(context: RunContext) {
  const reading =
    <T, R>(
      list: (client: GitHubClient, org: string, digest: string) => Promise<T[]>,
      listed: (record: T) => R,
    ) =>
    async (query: Partial<Query>) => {
      const { org, digest } = checked<Query>(queryFields, query);
      const records = await list(context.github(), org, digest);
      return { org, digest, records: records.map(listed) };
    };
  return {
    deploymentRecords: reading(listDeploymentRecords, listedDeployment),
    storageRecords: reading(listStorageRecords, listedStorage),
    chainloopDeployments: async (filter: Filter) => {
      const records = await listDeployments(context.chainloop(), checked<Filter>(filterFields, filter));
      return records.map(listedChainloopDeployment);
    },
  };
}

export type Reader = ReturnType<typeof createReader>;

const listedDeployment = (record: RecordAnswer) => ({
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

const listedStorage = (record: StorageAnswer) => ({
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

/** Undefined where it is a value that this version does not know. */
const known = <T extends string>(values: readonly T[], value: string | undefined): T | undefined =>
  values.find((one) => one === value);

const listedChainloopDeployment = (record: ChainloopAnswer) => ({
  recordId: record.id,
  environmentName: record.environment_name,
  environmentId: record.environment_id,
  deploymentName: record.deployment_name,
  kind: known(ARTIFACT_KINDS, record.artifact.kind),
  artifactName: record.artifact.name || undefined,
  artifactVersion: record.artifact.version || undefined,
  artifactDigest: record.artifact.digest,
  artifactId: record.artifact_id,
  status: known(DEPLOYMENT_STATUSES, record.status),
  createdAt: record.created_at,
  updatedAt: record.updated_at,
  lastSeenAt: record.last_seen_at,
});
