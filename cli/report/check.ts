/** `report --check`: compares the records of states with what GitHub and Chainloop list. */
import { chainloopIdentity } from "../../provider/chainloop-deployment/identity";
import type { ChainloopIdentity } from "../../provider/chainloop-deployment/identity";
import { NoEnvironmentError } from "../../provider/chainloop/errors";
import { deploymentIdentity } from "../../provider/deployment-record/identity";
import type { DeploymentIdentity } from "../../provider/deployment-record/identity";
import { keyOf } from "../../provider/lifecycle/attestation-lookup";
import { storageIdentity } from "../../provider/storage-record/identity";
import type { StorageIdentity } from "../../provider/storage-record/identity";
import { holdsSecret } from "../summary/values";
import { compare, identityOf } from "./compare";
import type { Failures } from "./compare";
import {
  chainloopDifferences,
  deploymentDifferences,
  NO_ATTESTATION,
  storageDifferences,
} from "./differences";
import type { Lists } from "./lists";
import { GONE } from "./types";
import type { Difference, Entry, Inventory } from "./types";

export interface Checked {
  inventory: Inventory;
  /** Why something could not be compared, though it should have been. */
  problems: string[];
}

/** @param hasChainloop Whether there is a token: without one, Chainloop's records are not compared. */
export async function check(inventory: Inventory, lists: Lists, hasChainloop: boolean): Promise<Checked> {
  const failures: Failures = { problems: [], refused: new Set() };
  const { problems } = failures;
  const current = inventory.entries.filter(isCurrent);
  const differences = await compareAll(current, lists, hasChainloop, failures);
  const unattested = await findUnattested(current, lists, failures);
  const entries = inventory.entries.map((entry): Entry => {
    const attestation = unattested.has(entry) ? [NO_ATTESTATION] : [];
    const listed = differences.get(entry) ?? (unattested.has(entry) ? [] : undefined);
    return listed === undefined ? entry : { ...entry, differences: [...attestation, ...listed] };
  });
  const notes = [...inventory.notes, ...problems, ...notesOf(current, differences, hasChainloop)];
  return { inventory: { ...inventory, entries, notes, check: countsOf(entries) }, problems };
}

/** A list does not show that a record is decommissioned; what is to be removed is not what the program declares. */
const isCurrent = ({ status }: Entry): boolean => !GONE.includes(status) && status !== "to be removed";

const countsOf = (entries: Entry[]) => ({
  compared: entries.filter(({ differences }) => differences !== undefined).length,
  differing: entries.filter(({ differences = [] }) => differences.length > 0).length,
});

const digestOf = ({ digest }: Entry): string | undefined => (typeof digest === "string" ? digest : undefined);

async function compareAll(
  entries: Entry[],
  lists: Lists,
  hasChainloop: boolean,
  failures: Failures,
): Promise<Map<Entry, Difference[]>> {
  const ofKind = (kind: Entry["kind"]) => entries.filter((entry) => entry.kind === kind);
  const deployments = await compare(
    ofKind("deployment"),
    {
      ...{ fields: fields.deployment, digestOf, differencesOf: deploymentDifferences },
      whoseOf: ({ org }: DeploymentIdentity) => org.toLowerCase(),
      list: ({ org }, digest) => lists.deploymentRecords(org, digest),
    },
    failures,
  );
  const storage = await compare(
    ofKind("storage"),
    {
      ...{ fields: fields.storage, digestOf, differencesOf: storageDifferences },
      whoseOf: ({ org }: StorageIdentity) => org.toLowerCase(),
      list: ({ org }, digest) => lists.storageRecords(org, digest),
    },
    failures,
  );
  const chainloop = await compare(
    hasChainloop ? ofKind("chainloop") : [],
    {
      ...{ fields: fields.chainloop, differencesOf: chainloopDifferences },
      whoseOf: ({ environmentName }: ChainloopIdentity) => `Chainloop's environment "${environmentName}"`,
      list: ({ environmentName }) =>
        lists.chainloopDeployments(environmentName).catch(noneWithoutEnvironment),
    },
    failures,
  );
  return new Map([...deployments, ...storage, ...chainloop]);
}

/** As a refresh takes it. */
function noneWithoutEnvironment(error: unknown): [] {
  if (error instanceof NoEnvironmentError) return [];
  throw error;
}

/** As `verifyArtifacts` asks: a record with `githubRepository` needs no attestation. */
async function findUnattested(entries: Entry[], lists: Lists, failures: Failures): Promise<Set<Entry>> {
  const { problems, refused } = failures;
  const artifacts = new Map<Entry, { org: string; digest: string }>();
  for (const entry of entries) {
    const { org, githubRepository } = entry.compared();
    const digest = digestOf(entry);
    if (entry.kind === "chainloop" || typeof org !== "string" || refused.has(org.toLowerCase())) continue;
    if (digest && !githubRepository) artifacts.set(entry, { org, digest });
  }
  const unique = new Map([...artifacts.values()].map((one) => [keyOf(one), one]));
  const findings = unique.size > 0 ? await lists.attestations([...unique.values()]) : new Map<string, true>();
  const error = [...findings.values()].find((finding) => finding instanceof Error);
  if (error) problems.push(`Attestations were not checked. ${error.message}`);
  return new Set(
    [...artifacts].flatMap(([entry, artifact]) => (findings.get(keyOf(artifact)) === false ? [entry] : [])),
  );
}

/** What was not compared, though nothing failed. */
function notesOf(entries: Entry[], compared: Map<Entry, Difference[]>, hasChainloop: boolean): string[] {
  const isLeftOut = ({ kind }: Entry) => kind === "chainloop" && !hasChainloop;
  const leftOut = entries.filter(isLeftOut).length;
  const encrypted = entries.filter((entry) => isEncrypted(entry) && !isLeftOut(entry)).length;
  const partly = entries.filter((entry) => {
    const { tags, runtimeRisks } = entry.compared();
    return compared.has(entry) && (holdsSecret(tags) || holdsSecret(runtimeRisks));
  }).length;
  const records = (count: number) => (count === 1 ? "1 record" : `${count} records`);
  return [
    ...(encrypted > 0
      ? [`Not compared: ${records(encrypted)} whose identity or digest is encrypted in the state.`]
      : []),
    ...(partly > 0 ? [`Not compared: the encrypted tags or runtime risks of ${records(partly)}.`] : []),
    ...(leftOut > 0
      ? [`Not compared: ${records(leftOut)} on Chainloop; set CHAINLOOP_TOKEN to compare them too.`]
      : []),
  ];
}

const fields: Record<Entry["kind"], readonly string[]> = {
  deployment: deploymentIdentity.fields,
  storage: storageIdentity.fields,
  chainloop: chainloopIdentity.fields,
};

const isEncrypted = (entry: Entry): boolean =>
  identityOf(entry, fields[entry.kind]) === undefined || digestOf(entry) === undefined;
