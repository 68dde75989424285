/** What the server keeps, and GitHub's rules about it. All changes happen at once: nothing here waits. */
import type { Clock } from "../http/clock";
import type { EventuallyConsistent } from "./eventually-consistent";
import type { Rules } from "./options";
import type { Comment, DeploymentSnapshot, StorageSnapshot } from "./types";

/** Without the artifact, which the organisation has once. */
export interface DeploymentRow extends Omit<
  DeploymentSnapshot,
  "id" | "org" | "name" | "version" | "github_repository" | "attestation_id"
> {
  id: bigint;
  repository: string;
  attestation_id: bigint | null;
}

export interface StorageRow extends Omit<StorageSnapshot, "id" | "org" | "github_repository"> {
  id: bigint;
  repository_of_source: string;
}

export interface Artifact {
  name: string;
  version: string | undefined;
}

export interface Attestation {
  id: bigint;
  repository: string;
}

export interface Org {
  name: string;
  deployments: Map<string, EventuallyConsistent<DeploymentRow>>;
  storage: Map<string, EventuallyConsistent<StorageRow>>;
  /** An artifact is its repository and digest: one name and one version. */
  artifacts: Map<string, Artifact>;
  attestations: Map<string, Attestation>;
  repositoryIds: Map<string, bigint>;
}

export interface Store {
  orgs: Map<string, Org>;
  clock: Clock;
  /** Changed by tests while the server runs. */
  rules: Rules;
  nextId: () => bigint;
  everythingAttested: boolean;
  /** Of each pull request that exists. */
  comments: Map<string, Comment[]>;
  /** undefined: every name. */
  repositories: Set<string> | undefined;
}

function emptyOrg(name: string): Org {
  const records = { deployments: new Map(), storage: new Map(), artifacts: new Map() };
  return { name, ...records, attestations: new Map(), repositoryIds: new Map() };
}

/** An organisation's name is not case sensitive. */
function orgKey(name: string): string {
  return name.toLowerCase();
}

export function findOrg(store: Store, name: string): Org | undefined {
  return store.orgs.get(orgKey(name));
}

export function orgsFrom(names: string[]): Map<string, Org> {
  return new Map(names.map((name) => [orgKey(name), emptyOrg(name)]));
}

export function idsFrom(first: number | bigint = 1000): () => bigint {
  let next = BigInt(first);
  return () => next++;
}

/** The repository that attested a digest, for servers where every digest is attested. */
const ATTESTED_REPOSITORY = "source";

export function attest(
  store: Store,
  org: Org,
  digest: string,
  repository = ATTESTED_REPOSITORY,
): Attestation {
  const attestation = { id: store.nextId(), repository };
  org.attestations.set(digest, attestation);
  return attestation;
}

export function attestationOf(store: Store, org: Org, digest: string): Attestation | undefined {
  return org.attestations.get(digest) ?? (store.everythingAttested ? attest(store, org, digest) : undefined);
}

export interface Source {
  repository: string;
  attestation: Attestation | undefined;
}

/** Where an artifact comes from. With an attestation, `github_repository` is ignored. */
export function sourceOf(
  store: Store,
  org: Org,
  entry: { digest: string; github_repository?: string },
): Source | "no-attestation" | "no-repository" {
  const attestation = attestationOf(store, org, entry.digest);
  if (attestation) return { repository: attestation.repository, attestation };
  const repository = entry.github_repository;
  if (!repository) return "no-attestation";
  const exists = store.repositories?.has(repositoryKey(repository)) ?? true;
  return exists ? { repository, attestation } : "no-repository";
}

/** A repository's name is not case sensitive either. */
export function repositoryKey(name: string): string {
  return name.toLowerCase();
}

export function repositoryId(store: Store, org: Org, repository: string): bigint {
  const key = repositoryKey(repository);
  const id = org.repositoryIds.get(key) ?? store.nextId();
  org.repositoryIds.set(key, id);
  return id;
}

export function artifactKey(repository: string, digest: string): string {
  return JSON.stringify([repositoryKey(repository), digest]);
}
