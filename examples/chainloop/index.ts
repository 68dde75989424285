/**
 * One workload, recorded on GitHub and on Chainloop: both show what runs in production. Which image runs is the
 * stack's configuration, as a pipeline sets it after a build; see README.md for how to run it.
 */
import * as pulumi from "@pulumi/pulumi";
import { ChainloopDeployment, DeploymentRecord } from "pulumi-artifact-metadata";

const image = new pulumi.Config().require("image");
const deploymentName = "shop-web-web";

const record = new DeploymentRecord("web", {
  image,
  logicalEnvironment: "production",
  cluster: "prod-eu",
  deploymentName,
  runtimeRisks: ["internet-exposed"],
});

const deployment = new ChainloopDeployment("web", {
  image,
  environmentName: "production",
  deploymentName,
});

export const onGitHub = record.recordId;
export const onChainloop = deployment.recordId;
