/** What the data functions of the SDK call, in the program's own process. */
import type * as pulumi from "@pulumi/pulumi";
import { z } from "zod";
import { DEPLOYMENT_STATUSES, listDeployments } from "./chainloop/deployments";
import type { Filter } from "./chainloop/deployments";
import type { GitHubClient } from "./github/client";
import { listDeploymentRecords } from "./github/deployment-records";
import { listStorageRecords } from "./github/storage-records";
import { environmentName } from "./chainloop-deployment/fields";
import { checkInputs } from "./lifecycle/check";
import type { Fields } from "./lifecycle/check";
import { ProviderError } from "./runtime/errors";
import * as fields from "./lifecycle/fields";
import { createRunContext } from "./create-run-context";
import type { RunContextOptions } from "./create-run-context";

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

export function createReader(options: RunContextOptions, config: pulumi.dynamic.Config) {
  const host = createRunContext(options);
  host.configure(config);
  const reading =
    <T>(list: (client: GitHubClient, org: string, digest: string) => Promise<T[]>) =>
    async (query: Partial<Query>) => {
      const { org, digest } = checked<Query>(queryFields, query);
      return { org, digest, records: await list(host.github(), org, digest) };
    };
  return {
    deploymentRecords: reading(listDeploymentRecords),
    storageRecords: reading(listStorageRecords),
    chainloopDeployments: async (filter: Filter) =>
      listDeployments(host.chainloop(), checked<Filter>(filterFields, filter)),
  };
}

export type Reader = ReturnType<typeof createReader>;
