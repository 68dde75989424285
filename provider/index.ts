/**
 * What runs inside Pulumi's provider host: `__provider` in every resource is one line that requires this module.
 */
import { clusterDeploymentSetProvider } from "./cluster-deployment-set";
import { deploymentRecordProvider } from "./deployment-record";
import { createHost } from "./lifecycle/host";
import { info, thenTold, warn } from "./log";
import { storageRecordProvider } from "./storage-record";

const host = createHost({ environment: process.env, warn, info });

export const deploymentRecord = thenTold(deploymentRecordProvider(host));
export const clusterDeploymentSet = thenTold(clusterDeploymentSetProvider(host));
export const storageRecord = thenTold(storageRecordProvider(host));
