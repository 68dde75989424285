/**
 * What runs inside Pulumi's provider host: `__provider` in every resource is one line that requires this module.
 */
import * as log from "@pulumi/pulumi/log";
import { clusterDeploymentSetProvider } from "./cluster-deployment-set";
import { deploymentRecordProvider } from "./deployment-record";
import { createHost } from "./lifecycle/host";
import { storageRecordProvider } from "./storage-record";

const host = createHost({
  environment: process.env,
  warn: (message) => void log.warn(message),
  info: (message) => void log.info(message),
});

export const deploymentRecord = deploymentRecordProvider(host);
export const clusterDeploymentSet = clusterDeploymentSetProvider(host);
export const storageRecord = storageRecordProvider(host);
