import type { StorageAnswer } from "../github/schemas";
import { sameField, withoutSlash } from "../lifecycle/diff";
import { joinId, splitId } from "../lifecycle/resource-id";
import { latest } from "../lifecycle/ownership";

/** What makes two storage records the same, whether or not GitHub upserts them (docs/storage-record.md). */
export const storageIdentity = [
  "org",
  "digest",
  "registryUrl",
  "repository",
  "path",
  "artifactUrl",
  "name",
] as const;

export interface StorageIdentity {
  org: string;
  digest: string;
  registryUrl: string;
  repository?: string;
  path?: string;
  artifactUrl?: string;
  name: string;
}

export const formatStorageId = (identity: StorageIdentity): string =>
  joinId(storageIdentity.map((field) => identity[field]));

/** The inverse of `formatStorageId`. */
export const parseStorageId = (id: string): StorageIdentity =>
  splitId(
    id,
    "storage record",
    storageIdentity,
    ["org", "digest", "registryUrl", "name"],
    "acme/sha256%3A…/https%3A%2F%2Fghcr.io////ghcr.io%2Facme%2Fweb",
  ) as StorageIdentity;

/** The same for whatever GitHub may take for one record: it is never removed while another resource declares it. */
export const storageKey = ({ org, registryUrl, ...rest }: StorageIdentity): string =>
  `storage ${formatStorageId({ ...rest, org: org.toLowerCase(), registryUrl: withoutSlash(registryUrl) })}`;

export const storageLane = ({ org, digest }: StorageIdentity): string =>
  JSON.stringify(["storage", org.toLowerCase(), digest]);

/** The record in a user's words. */
export function describeStorage(identity: StorageIdentity): string {
  const { org, name, registryUrl, repository, path, artifactUrl } = identity;
  const place = [registryUrl, repository, path ?? artifactUrl].filter(Boolean).join(", ");
  return `storage record "${name}" (${place}) of ${org}`;
}

/** A list shows no path, so two records that differ in nothing else cannot be told apart: the last one is meant. */
export const findStorage = (identity: StorageIdentity, records: StorageAnswer[]): StorageAnswer | undefined =>
  latest(
    records.filter(
      (record) =>
        record.name === identity.name &&
        record.digest === identity.digest &&
        sameField("registryUrl", record.registry_url, identity.registryUrl) &&
        (record.repository || undefined) === identity.repository &&
        (record.artifact_url || undefined) === identity.artifactUrl,
    ),
  );
