/** What a set of a cluster's deployments is declared as, and what its state keeps. */
import type { Deployment } from "../../github/wire";

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

export interface RecordOutputs {
  recordId?: string;
  attestationId?: string;
  /** When this set last wrote the record, by GitHub's clock. A refresh does not move it (ownership). */
  updatedAt?: string;
}

/** The entries as GitHub has them (not those that failed), and what GitHub said of each. */
export interface SetOutputs {
  deployments: Record<string, Recorded>;
  records: Record<string, RecordOutputs>;
  /** Deployments that were left out with a warning, because GitHub knows no such artifact. */
  skipped?: string[];
  partialSuccess?: boolean;
}
