/** What the data functions of the SDK call, in the program's own process. */
import type * as pulumi from "@pulumi/pulumi";
import type { GitHubClient } from "./github/client";
import { listDeploymentRecords } from "./github/deployment-records";
import { listStorageRecords } from "./github/storage-records";
import { checkInputs } from "./lifecycle/check";
import { ProviderError } from "./lifecycle/errors";
import * as fields from "./lifecycle/fields";
import { createHost } from "./lifecycle/host";
import type { HostOptions } from "./lifecycle/host";

export interface Query {
  org: string;
  digest: string;
}

/** @throws ProviderError that names the argument */
function checked(query: Partial<Query>): Query {
  const { failures = [] } = checkInputs({ org: fields.org, digest: fields.digest }, query);
  if (failures.length === 0) return query as Query;
  throw new ProviderError(`${failures.map(({ property, reason }) => `${property} ${reason}`).join("; ")}.`);
}

export function createReader(options: HostOptions, config: pulumi.dynamic.Config) {
  const host = createHost(options);
  host.configure(config);
  const reading =
    <T>(list: (client: GitHubClient, org: string, digest: string) => Promise<T[]>) =>
    async (query: Partial<Query>) => {
      const { org, digest } = checked(query);
      return { org, digest, records: await list(host.github(), org, digest) };
    };
  return { deploymentRecords: reading(listDeploymentRecords), storageRecords: reading(listStorageRecords) };
}

export type Reader = ReturnType<typeof createReader>;
