/** What GitHub and Chainloop have otherwise than the state. */
import { findDeployment } from "../../provider/chainloop-deployment/identity";
import type { ChainloopIdentity } from "../../provider/chainloop-deployment/identity";
import { knownStatus } from "../../provider/chainloop/statuses";
import type { ChainloopAnswer } from "../../provider/chainloop/schemas";
import { observeDeployment } from "../../provider/deployment-record/drift";
import { findRecord } from "../../provider/deployment-record/identity";
import type { DeploymentIdentity } from "../../provider/deployment-record/identity";
import type { RecordAnswer, StorageAnswer } from "../../provider/github/schemas";
import { sameField } from "../../provider/lifecycle/diff";
import { findStorage } from "../../provider/storage-record/identity";
import type { StorageIdentity } from "../../provider/storage-record/identity";
import { holdsSecret } from "../summary/values";
import { GONE } from "./types";
import type { Difference, Entry } from "./types";

export const NO_ATTESTATION: Difference = { words: "no attestation" };

const missing = (api: string): Difference => ({ words: `${api} does not list it` });

/** A refresh sees the same. A list shows no status, name or version. */
export function deploymentDifferences(
  entry: Entry,
  identity: DeploymentIdentity,
  listed: RecordAnswer[],
): Difference[] {
  const live = findRecord(identity, listed);
  if (live === undefined) return [missing("GitHub")];
  const { tags, runtimeRisks } = entry.compared();
  const known = {
    ...(isReadable(tags) && { tags }),
    ...(isReadable(runtimeRisks) && { runtimeRisks }),
  };
  const observed = observeDeployment(known, live);
  return [
    ...(holdsSecret(tags) || sameField("tags", observed.tags, known.tags)
      ? []
      : [{ words: "tags on GitHub:", live: JSON.stringify(live.tags) }]),
    ...(holdsSecret(runtimeRisks) || sameField("runtimeRisks", observed.runtimeRisks, known.runtimeRisks)
      ? []
      : [{ words: "runtime risks on GitHub:", live: live.runtime_risks?.join(", ") || "none" }]),
  ];
}

const isReadable = (value: unknown): value is object => typeof value === "object" && value !== null;

/** A list shows no version and no path. */
export function storageDifferences(
  entry: Entry,
  identity: StorageIdentity,
  listed: StorageAnswer[],
): Difference[] {
  const live = findStorage(identity, listed);
  const { status = "active" } = entry.compared();
  if (live === undefined) return GONE.includes(status) ? [] : [missing("GitHub")];
  if (live.status === undefined || live.status === status || typeof status !== "string") return [];
  return [{ words: "status on GitHub:", live: live.status }];
}

export function chainloopDifferences(
  entry: Entry,
  identity: ChainloopIdentity,
  listed: ChainloopAnswer[],
): Difference[] {
  const live = findDeployment(identity, listed);
  if (live === undefined) return [missing("Chainloop")];
  const { digest } = entry;
  if (typeof digest === "string" && live.artifact.digest !== digest)
    return [{ words: "digest on Chainloop:", live: live.artifact.digest }];
  const status = knownStatus(live);
  if (status === undefined || status === "DEPLOYED") return [];
  return [{ words: "status on Chainloop:", live: status.toLowerCase() }];
}
