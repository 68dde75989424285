/** What GitHub and Chainloop list, asked for with the settings and the clients of the resources. */
import { listDeployments } from "../../provider/chainloop/list";
import type { ChainloopAnswer } from "../../provider/chainloop/schemas";
import { createRunContext } from "../../provider/create-run-context";
import type { RunContextOptions } from "../../provider/create-run-context";
import { listDeploymentRecords } from "../../provider/github/deployment-records";
import type { RecordAnswer, StorageAnswer } from "../../provider/github/schemas";
import { listStorageRecords } from "../../provider/github/storage-records";
import { createAttestationLookup } from "../../provider/lifecycle/attestation-lookup";
import type { AttestationLookup } from "../../provider/lifecycle/attestation-lookup";

export interface Lists {
  deploymentRecords: (org: string, digest: string) => Promise<RecordAnswer[]>;
  storageRecords: (org: string, digest: string) => Promise<StorageAnswer[]>;
  /** All of an environment. */
  chainloopDeployments: (environmentName: string) => Promise<ChainloopAnswer[]>;
  attestations: AttestationLookup;
}

/** Of a stack's configuration nothing is known: the environment has the same settings. */
export function openLists(options: RunContextOptions): Lists {
  const context = createRunContext(options);
  return {
    deploymentRecords: (org, digest) => listDeploymentRecords(context.github(), org, digest),
    storageRecords: (org, digest) => listStorageRecords(context.github(), org, digest),
    chainloopDeployments: (environmentName) => listDeployments(context.chainloop(), { environmentName }),
    attestations: createAttestationLookup(context),
  };
}
