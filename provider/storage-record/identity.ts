import type { StorageAnswer } from "../github/schemas";
import { sameField } from "../lifecycle/diff";
import { defineIdentity } from "../lifecycle/identity";
import { latest } from "../lifecycle/ownership";

export interface StorageIdentity {
  org: string;
  digest: string;
  registryUrl: string;
  repository?: string;
  path?: string;
  artifactUrl?: string;
  name: string;
}

/**
 * What makes two storage records the same, whether or not GitHub upserts them (docs/storage-record.md). The key is the
 * same for whatever GitHub may take for one record: it is never removed while another resource declares it.
 */
export const storageIdentity = defineIdentity<StorageIdentity>({
  what: "storage record",
  fields: ["org", "digest", "registryUrl", "repository", "path", "artifactUrl", "name"],
  required: ["org", "digest", "registryUrl", "name"],
  example: "acme/sha256%3A…/https%3A%2F%2Fghcr.io////ghcr.io%2Facme%2Fweb",
  describe({ org, name, registryUrl, repository, path, artifactUrl }) {
    const place = [registryUrl, repository, path ?? artifactUrl].filter(Boolean).join(", ");
    return `storage record "${name}" (${place}) of ${org}`;
  },
});

export const storageLane = ({ org, digest }: StorageIdentity): string =>
  JSON.stringify(["storage", org.toLowerCase(), digest]);

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
