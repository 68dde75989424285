/**
 * What runs inside Pulumi's provider host: `__provider` in every resource is one line that requires this module.
 */
import * as log from "@pulumi/pulumi/log";
import { deploymentRecordProvider } from "./deployment-record";
import { createHost } from "./lifecycle/host";

const host = createHost({ environment: process.env, warn: (message) => void log.warn(message) });

export const deploymentRecord = deploymentRecordProvider(host);
