/**
 * Two workloads of a shop, recorded where they run. Which version runs is the stack's configuration, as a pipeline
 * sets it after a build; see README.md for how to run it.
 */
import * as pulumi from "@pulumi/pulumi";
import { DeploymentRecord } from "pulumi-artifact-metadata";

const config = new pulumi.Config();

const where = { logicalEnvironment: "production", physicalEnvironment: "eu-west-1", cluster: "prod-eu" };

const web = new DeploymentRecord("web", {
  ...where,
  deploymentName: "shop-web-web",
  name: "ghcr.io/acme/web",
  version: config.require("webVersion"),
  digest: config.require("webDigest"),
  runtimeRisks: ["internet-exposed"],
  tags: { team: "shop" },
});

if (config.requireBoolean("cart")) {
  new DeploymentRecord("cart", {
    ...where,
    deploymentName: "shop-cart-app",
    name: "ghcr.io/acme/cart",
    version: "1.0.0",
    digest: config.require("cartDigest"),
  });
}

export const webRecord = web.recordId;
