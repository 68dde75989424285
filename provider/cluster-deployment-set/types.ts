/** What a set of a cluster's deployments is declared as, and what its state keeps. */
import type { Deployment } from "../github/wire";

export interface SetIdentity {
  org: string;
  logicalEnvironment: string;
  physicalEnvironment?: string;
  cluster: string;
}

export interface SetInputs extends SetIdentity {
  deployments: Record<string, Deployment>;
  partialSuccess?: boolean;
}

/** Without a status, it is deployed. */
export type Recorded = Omit<Deployment, "status"> & { status?: Deployment["status"] | "not listed" };

/** The entries as GitHub has them (not those that failed), and what GitHub said of each (see record-text.ts). */
export interface SetOutputs {
  deployments: Record<string, Recorded>;
  records: Record<string, string>;
  /** Deployments that were left out with a warning, because GitHub knows no such artifact. */
  skipped?: string[];
  partialSuccess?: boolean;
}
