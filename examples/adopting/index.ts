/**
 * Records that another tool wrote, declared from now on. A record is known by its organisation, environments, cluster
 * and deployment name: with the same ones, the first `pulumi up` takes it over. See README.md for the steps.
 */
import { ClusterDeploymentSet, getDeploymentRecordsOutput } from "pulumi-artifact-metadata";

const digest = "sha256:1bb1e949e55dcefc6353e7b36c8897d2a107d8e8dca49d4e3c0ea8493fc0bc72";

// What GitHub has of the artifact, whoever wrote it: compare it with what is declared here.
export const recorded = getDeploymentRecordsOutput({ digest }).records.apply((records) =>
  records.map(({ cluster, deploymentName, updatedAt }) => ({ cluster, deploymentName, updatedAt })),
);

new ClusterDeploymentSet("prod-eu", {
  cluster: "prod-eu",
  logicalEnvironment: "production",
  physicalEnvironment: "eu-west-1",
  deployments: {
    // Named as github/deployment-tracker names it: {namespace}/{workload}/{container}.
    "shop/web/web": {
      image: `ghcr.io/acme/web:1.4.2@${digest}`,
      tags: { team: "shop" },
    },
  },
});
