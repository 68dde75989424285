/**
 * What runs inside Pulumi's provider host: `__provider` in every resource is one line that requires this module.
 */
import type * as pulumi from "@pulumi/pulumi";
import { chainloopDeploymentProvider } from "./chainloop-deployment";
import { clusterDeploymentSetProvider } from "./cluster-deployment-set";
import { deploymentRecordProvider } from "./deployment-record";
import { createHost } from "./lifecycle/host";
import { createInterruption, onCancel } from "./lifecycle/interruption";
import { info, thenTold, warn } from "./log";
import { storageRecordProvider } from "./storage-record";

/** As Pulumi's host calls it. What it takes and gives is declared by the resource classes. */
type Provider = pulumi.dynamic.ResourceProvider;

const interruption = createInterruption();
onCancel(interruption.begin);
const host = createHost({ environment: process.env, warn, info, interruption });

export const deploymentRecord: Provider = thenTold(deploymentRecordProvider(host));
export const clusterDeploymentSet: Provider = thenTold(clusterDeploymentSetProvider(host));
export const storageRecord: Provider = thenTold(storageRecordProvider(host));
export const chainloopDeployment: Provider = thenTold(chainloopDeploymentProvider(host));
