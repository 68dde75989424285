/**
 * All deployments of a cluster in one resource: one request writes them, and a preview names the ones that change.
 * See README.md for how to run it.
 */
import { ClusterDeploymentSet } from "pulumi-artifact-metadata";

const prod = new ClusterDeploymentSet("prod-eu", {
  cluster: "prod-eu",
  logicalEnvironment: "production",
  physicalEnvironment: "eu-west-1",
  deployments: {
    "shop-web-web": {
      image: "ghcr.io/acme/web:1.4.2@sha256:1bb1e949e55dcefc6353e7b36c8897d2a107d8e8dca49d4e3c0ea8493fc0bc72",
      runtimeRisks: ["internet-exposed"],
      tags: { team: "shop" },
    },
    "shop-cart-app": {
      image:
        "ghcr.io/acme/cart:1.0.0@sha256:2c26b46b68ffc68ff99b453c1d30413413422d706483bfa0f98a5e886266e7ae",
      tags: { team: "shop" },
    },
  },
});

export const records = prod.records;
