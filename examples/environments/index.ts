/**
 * One program for all environments; what differs is in the stacks' configuration, Pulumi.staging.yaml and
 * Pulumi.production.yaml. See README.md for how to run it.
 */
import * as pulumi from "@pulumi/pulumi";
import { ClusterDeploymentSet } from "pulumi-artifact-metadata";
import type { RuntimeRisk } from "pulumi-artifact-metadata";

const config = new pulumi.Config();
const images = config.requireObject<Record<string, string>>("images");
const risks = config.getObject<RuntimeRisk[]>("runtimeRisks") ?? [];

new ClusterDeploymentSet(config.require("cluster"), {
  logicalEnvironment: pulumi.getStack(),
  physicalEnvironment: config.require("region"),
  cluster: config.require("cluster"),
  deployments: Object.fromEntries(
    Object.entries(images).map(([name, image]) => [name, { image, runtimeRisks: risks }]),
  ),
});
