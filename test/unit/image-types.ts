/**
 * What the types allow beside `image`, and what they do not: compiled with everything else, never run. A line that
 * compiles although it is expected not to is an error.
 */
import * as pulumi from "@pulumi/pulumi";
import { ClusterDeploymentSet, DeploymentRecord, StorageRecord } from "../../sdk";
import type { ClusterDeployment, DeploymentRecordArgs, DeploymentRecordImageArgs } from "../../sdk";

const image = "ghcr.io/acme/web:1.4.2@sha256:…";
const [name, version, digest] = ["ghcr.io/acme/web", "1.4.2", "sha256:…"];
const where = { logicalEnvironment: "production", deploymentName: "web" };
const registryUrl = "https://ghcr.io";

export function records(
  reference: pulumi.Output<string>,
  either: DeploymentRecordArgs | DeploymentRecordImageArgs,
) {
  new DeploymentRecord("a", { ...where, image });
  new DeploymentRecord("a", { ...where, image: reference });
  new DeploymentRecord("a", { ...where, image: pulumi.interpolate`web@${digest}`, tags: { team: "shop" } });
  new DeploymentRecord("a", { ...where, image: Promise.resolve(image) });
  new DeploymentRecord("a", { ...where, name, digest });
  new DeploymentRecord("a", { ...where, name, digest, version });
  new DeploymentRecord("a", either);
  // @ts-expect-error either an image or what it says
  new DeploymentRecord("a", { ...where, image, name });
  // @ts-expect-error either an image or what it says
  new DeploymentRecord("a", { ...where, image, version });
  // @ts-expect-error either an image or what it says
  new DeploymentRecord("a", { ...where, image, digest });
  // @ts-expect-error either an image or what it says
  new DeploymentRecord("a", { ...where, image, name, digest, version });
  // @ts-expect-error neither an image nor a digest
  new DeploymentRecord("a", { ...where, name });
  // @ts-expect-error neither an image nor anything else
  new DeploymentRecord("a", where);
  // @ts-expect-error no image where there may be none
  new DeploymentRecord("a", { ...where, image: process.env.IMAGE });
  // @ts-expect-error a record's registry is a storage record's
  new DeploymentRecord("a", { ...where, image, registryUrl });
  // @ts-expect-error GitHub lists by digest
  DeploymentRecord.get("a", "id", { image });
}

export function storage(reference: pulumi.Output<string>) {
  new StorageRecord("a", { image });
  new StorageRecord("a", { image: reference, registryUrl, status: "eol" });
  new StorageRecord("a", { name, digest, registryUrl });
  // @ts-expect-error either an image or what it says
  new StorageRecord("a", { image, name });
  // @ts-expect-error either an image or what it says
  new StorageRecord("a", { image, digest, name, registryUrl });
  // @ts-expect-error a name alone does not say where it is kept
  new StorageRecord("a", { name, digest });
}

export function sets(reference: pulumi.Output<string>, entry: pulumi.Output<ClusterDeployment>) {
  const set = { cluster: "prod-eu", logicalEnvironment: "production" };
  const plain = { name, digest };
  new ClusterDeploymentSet("a", { ...set, deployments: { plain, image: { image, tags: { team: "shop" } } } });
  new ClusterDeploymentSet("a", { ...set, deployments: { later: { image: reference }, entry } });
  new ClusterDeploymentSet("a", { ...set, deployments: reference.apply((image) => ({ web: { image } })) });
  new ClusterDeploymentSet("a", { ...set, deployments: { web: reference.apply((image) => ({ image })) } });
  // @ts-expect-error either an image or what it says
  new ClusterDeploymentSet("a", { ...set, deployments: { web: { image, name } } });
  // @ts-expect-error either an image or what it says
  new ClusterDeploymentSet("a", { ...set, deployments: { web: { image, name, digest } } });
  // @ts-expect-error neither an image nor a digest
  new ClusterDeploymentSet("a", { ...set, deployments: { web: { name } } });
}
