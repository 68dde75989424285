/**
 * What runs in one cluster. A release is a pull request that changes a version and a digest here: the workflow in
 * .github/workflows/records.yml says in a comment what that does, and writes the records after the merge.
 */
import { ClusterDeploymentSet } from "pulumi-artifact-metadata";

new ClusterDeploymentSet("prod-eu", {
  logicalEnvironment: "production",
  physicalEnvironment: "eu-west-1",
  cluster: "prod-eu",
  deployments: {
    "shop-web-web": {
      name: "ghcr.io/acme/web",
      version: "1.4.2",
      digest: "sha256:1bb1e949e55dcefc6353e7b36c8897d2a107d8e8dca49d4e3c0ea8493fc0bc72",
      runtimeRisks: ["internet-exposed"],
    },
    "shop-cart-app": {
      name: "ghcr.io/acme/cart",
      version: "1.0.0",
      digest: "sha256:2c26b46b68ffc68ff99b453c1d30413413422d706483bfa0f98a5e886266e7ae",
    },
  },
});
