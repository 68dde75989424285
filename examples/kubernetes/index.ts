/**
 * What runs in a cluster, recorded from the manifests that are applied to it: one record for each container; see
 * README.md for how to run it.
 */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { ClusterDeploymentSet, deploymentsFromKubernetes } from "pulumi-artifact-metadata";

const folder = join(__dirname, "manifests");
const manifests = readdirSync(folder)
  .filter((file) => file.endsWith(".yaml"))
  .map((file) => readFileSync(join(folder, file), "utf8"));

new ClusterDeploymentSet("prod-eu", {
  cluster: "prod-eu",
  logicalEnvironment: "production",
  physicalEnvironment: "eu-west-1",
  deployments: deploymentsFromKubernetes(manifests),
});
