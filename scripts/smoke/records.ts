/** The records that the smoke test writes, each of them noted before it is sent, so that it can be retired at the end. */
import { setClusterDeployments } from "../../provider/github/cluster-deployments";
import type { GitHubClient } from "../../provider/github/client";
import { listDeploymentRecords, writeDeploymentRecord } from "../../provider/github/deployment-records";
import type { RecordBody } from "../../provider/github/deployment-records";
import type { RecordAnswer, StorageAnswer } from "../../provider/github/schemas";
import { listStorageRecords, writeStorageRecord } from "../../provider/github/storage-records";
import type { StorageBody } from "../../provider/github/storage-records";

export interface Target {
  org: string;
  digest: string;
  /** The artifact's name. */
  name: string;
  /** For an artifact without an attestation. */
  githubRepository?: string;
  /** Of this run alone: all records are in it. */
  environment: string;
}

export const REGISTRY = "https://registry.example.com";

export interface Records {
  deploy(deploymentName: string, more?: Partial<RecordBody>): Promise<RecordAnswer | undefined>;
  deployCluster(cluster: string, deploymentNames: string[]): Promise<void>;
  store(): Promise<StorageAnswer | undefined>;
  /** Those of this run. */
  listed(): Promise<RecordAnswer[]>;
  stored(): Promise<StorageAnswer[]>;
  /** Another writer is about to write these: the program of the life cycle. */
  expect(bodies: { deployments: RecordBody[]; storage: StorageBody[] }): void;
  /** Nothing ends these. */
  keeps(what: string): void;
  /** Decommissions and deletes what is left, and says what could not be. */
  cleanUp(github: () => GitHubClient): Promise<{ retired: number; failed: string[] }>;
}

export function createRecords(github: () => GitHubClient, target: Target): Records {
  const { org, digest, environment } = target;
  const deployments = new Map<string, RecordBody>();
  const storage = new Map<string, StorageBody>();
  const kept: string[] = [];
  const noteDeployment = (body: RecordBody) => void deployments.set(keyOf(body), body);
  const noteStorage = (body: StorageBody) => void storage.set(body.registry_url, body);
  return {
    async deploy(deploymentName, more = {}) {
      const body = { ...deploymentOf(target, deploymentName), ...more };
      noteDeployment(body);
      const { records } = await writeDeploymentRecord(github(), org, body);
      return records[0];
    },
    async deployCluster(cluster, deploymentNames) {
      const bodies = deploymentNames.map((name) => deploymentOf(target, name));
      for (const body of bodies) noteDeployment({ ...body, cluster });
      const entries = bodies.map(({ logical_environment: _, ...entry }) => entry);
      const where = { org, cluster, environments: { logical_environment: environment } };
      await setClusterDeployments(github(), where, { entries }, false);
    },
    async store() {
      const body = storageOf(target);
      noteStorage(body);
      const { records } = await writeStorageRecord(github(), org, body);
      return records[0];
    },
    listed: async () =>
      (await listDeploymentRecords(github(), org, digest)).filter(
        (record) => record.logical_environment === environment,
      ),
    stored: async () =>
      (await listStorageRecords(github(), org, digest)).filter((record) => record.repository === environment),
    expect(bodies) {
      bodies.deployments.forEach(noteDeployment);
      bodies.storage.forEach(noteStorage);
    },
    keeps: (what) => void kept.push(what),
    async cleanUp(client) {
      const failed: string[] = [];
      const left = [...deployments.values()].filter(({ status }) => status === "deployed");
      for (const body of left)
        await writeDeploymentRecord(client(), org, { ...body, status: "decommissioned" }).catch(
          (error: unknown) => failed.push(`deployment ${body.deployment_name}: ${String(error)}`),
        );
      for (const body of storage.values())
        await writeStorageRecord(client(), org, { ...body, status: "deleted" }).catch((error: unknown) =>
          failed.push(`storage at ${body.registry_url}: ${String(error)}`),
        );
      const retired = left.length + storage.size - failed.length;
      failed.push(...kept);
      return { retired, failed };
    },
  };
}

/** An environment or a cluster that is empty may be another one than one that is absent. */
const keyOf = ({ logical_environment, physical_environment, cluster, deployment_name }: RecordBody): string =>
  JSON.stringify([logical_environment, physical_environment ?? null, cluster ?? null, deployment_name]);

const artifactOf = ({ name, digest, githubRepository }: Target) => ({
  name,
  digest,
  ...(githubRepository !== undefined && { github_repository: githubRepository }),
});

export const deploymentOf = (target: Target, deploymentName: string): RecordBody => ({
  ...artifactOf(target),
  status: "deployed",
  logical_environment: target.environment,
  deployment_name: deploymentName,
});

export const storageOf = (target: Target, registry = REGISTRY): StorageBody => ({
  ...artifactOf(target),
  registry_url: registry,
  repository: target.environment,
  status: "active",
});
