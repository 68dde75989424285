/** `POST /v1/deployments`: writes a deployment, or reads it where the answer is empty. */
import { readIfEmpty } from "../http/errors";
import type { EmptyAnswerError } from "../http/errors";
import { rechecked } from "../http/recheck";
import type { Recheck } from "../http/recheck";
import { compact } from "../runtime/values";
import type { ChainloopClient } from "./client";
import { listDeployments } from "./list";
import type { ChainloopAnswer } from "./schemas";
import { knownStatus } from "./statuses";
import type { ChainloopStatus } from "./statuses";

export const ARTIFACT_KINDS = ["CONTAINER_IMAGE", "HELM_CHART"] as const;
export type ArtifactKind = (typeof ARTIFACT_KINDS)[number];

/** What is recorded of one deployment. */
export interface ChainloopDeployment {
  environmentName: string;
  deploymentName: string;
  kind: ArtifactKind;
  artifactName: string;
  artifactVersion?: string;
  artifactDigest: string;
}

export interface ChainloopWritten {
  record: ChainloopAnswer | undefined;
  /** The server's time of the answer. */
  date: string | undefined;
}

/** A deployment and the status that it is written with. */
export interface ChainloopWrite {
  deployment: ChainloopDeployment;
  status: Exclude<ChainloopStatus, "SUPERSEDED">;
}

/** Creates the record, or updates it; one of another digest becomes superseded. @throws NothingLeftError */
export async function writeDeployment(
  client: ChainloopClient,
  write: ChainloopWrite,
  { recheck, isUndecided }: { recheck?: Recheck<ChainloopWrite>; isUndecided?: boolean } = {},
): Promise<ChainloopWritten> {
  const { environmentName } = write.deployment;
  const { now, beforeSend } = rechecked(write, recheck, isUndecided);
  const call = client.call({
    route: "POST /v1/deployments",
    body: () => bodyOf(now.value),
    beforeSend,
    permission: "write",
    environmentName,
    expected: (schemas) => schemas.written,
  });
  const sent = call.then(({ data, date }): ChainloopWritten => ({ record: data.deployment_record, date }));
  return readIfEmpty(sent, async (error) => ({
    record: await findWritten(client, now.value, error),
    date: error.empty.date,
  }));
}

/** When anybody last wrote it: a repeat may move either time. */
const timesOf = ({ updated_at, last_seen_at }: ChainloopAnswer): number[] =>
  [updated_at, last_seen_at].map((time) => Date.parse(time ?? ""));

async function findWritten(
  client: ChainloopClient,
  { deployment, status }: ChainloopWrite,
  error: EmptyAnswerError,
): Promise<ChainloopAnswer> {
  const { environmentName, deploymentName, kind, artifactDigest } = deployment;
  const listed = await listDeployments(client, { environmentName, deploymentName }).catch(
    (reason: unknown) => {
      throw error.notReadable(reason);
    },
  );
  const found = listed.find(
    (one) =>
      one.environment_name === environmentName &&
      one.deployment_name === deploymentName &&
      one.artifact.kind === kind &&
      one.artifact.digest === artifactDigest &&
      (knownStatus(one) ?? status) === status &&
      timesOf(one).some((time) => time >= error.empty.sentAt),
  );
  if (found === undefined) throw error.notListed("Chainloop");
  return found;
}

const bodyOf = ({ deployment, status }: ChainloopWrite) =>
  compact({
    environment_name: deployment.environmentName,
    artifact_digest: deployment.artifactDigest,
    kind: deployment.kind,
    artifact_name: deployment.artifactName,
    artifact_version: deployment.artifactVersion,
    status,
    deployment_name: deployment.deploymentName,
  });
