/** Where two artifacts are kept: an image in a registry, and an archive in Artifactory. See README.md for how to run it. */
import { StorageRecord } from "pulumi-artifact-metadata";

// The registry is the one in the image's name.
const web = new StorageRecord("web", {
  image: "ghcr.io/acme/web:1.4.2@sha256:1bb1e949e55dcefc6353e7b36c8897d2a107d8e8dca49d4e3c0ea8493fc0bc72",
});

new StorageRecord("cli", {
  name: "acme-cli",
  version: "3.1.0",
  digest: "sha256:2c26b46b68ffc68ff99b453c1d30413413422d706483bfa0f98a5e886266e7ae",
  registryUrl: "https://artifacts.example.com/artifactory",
  repository: "releases",
  artifactUrl: "https://artifacts.example.com/artifactory/releases/acme-cli-3.1.0.tgz",
  // It stays in the registry when nobody declares it any more.
  onDelete: "eol",
});

export const webRecord = web.recordId;
