/** What a set of a cluster's deployments is declared as, and what its state keeps. */
import { z } from "zod";
import type { MapOf } from "../lifecycle/check";
import * as fields from "../lifecycle/fields";
import type { SetIdentity } from "./identity";

export const entryFields = {
  name: fields.artifactName,
  digest: fields.digest,
  version: fields.version.optional(),
  status: fields.deploymentStatus.default("deployed"),
  githubRepository: fields.githubRepository.optional(),
  tags: fields.clusterTags.optional(),
  runtimeRisks: fields.runtimeRisks.optional(),
};
const deployments: MapOf = { key: fields.deploymentName, entry: entryFields };

export const inputFields = {
  org: fields.org,
  cluster: fields.clusterInPath,
  logicalEnvironment: fields.logicalEnvironment,
  physicalEnvironment: fields.physicalEnvironment.optional(),
  deployments,
  partialSuccess: z.boolean("must be true or false").optional(),
};

/** One entry; its deployment name is its key in the map. */
type EntryInputs = z.infer<z.ZodObject<typeof entryFields>>;

export type SetInputs = z.infer<z.ZodObject<Omit<typeof inputFields, "deployments">>> & {
  deployments: Record<string, EntryInputs>;
};

/** An entry in the state. One without a status is deployed, or was read by `.get`. */
export type Recorded = Omit<EntryInputs, "status"> & {
  status?: EntryInputs["status"] | "not listed" | "not recorded";
};

export interface RunningJob {
  id: string;
  /** Deployments that it writes as the state has them. */
  written: string[];
  /** Deployments that it decommissions. */
  removed: string[];
  /** Deployments that have left the set. The job writes what another resource declares for them. */
  restored?: string[];
}

/** The entries as GitHub has them (not those that failed), and what GitHub said of each (see record-codec.ts). */
export interface SetOutputs extends Partial<SetIdentity> {
  deployments: Record<string, Recorded>;
  records: Record<string, string>;
  /** Deployments that were left out with a warning, because GitHub knows no such artifact. */
  skipped?: string[];
  /** Deployments that were removed and are still in `deployments`: another resource declares them and has not written them. */
  unfinished?: string[];
  /** A background job that outlived the deadline. Whether it has written its entries is not known yet. */
  job?: RunningJob;
  partialSuccess?: boolean;
}
