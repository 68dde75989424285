/**
 * What runs inside Pulumi's provider host: `__provider` in every resource is one line that requires this module.
 */
import type * as pulumi from "@pulumi/pulumi";
import { continueNative } from "./lifecycle/continue-native";
import type { RunContext } from "./lifecycle/run-context";
import { createInterruption, onCancel } from "./runtime/interruption";
import { lazyProvider } from "./runtime/lazy-provider";
import { info, warn } from "./runtime/log";

/** As Pulumi's host calls it. The resource classes declare what it takes and returns. */
type Provider = pulumi.dynamic.ResourceProvider;

const interruption = createInterruption();
onCancel(interruption.begin);

/* eslint-disable @typescript-eslint/no-require-imports --
   Pulumi loads this module in each run: a stack pays only for the resources that it has. */
const load = {
  context: () => require("./create-run-context") as typeof import("./create-run-context"),
  deploymentRecord: () => require("./deployment-record") as typeof import("./deployment-record"),
  clusterDeploymentSet: () =>
    require("./cluster-deployment-set") as typeof import("./cluster-deployment-set"),
  storageRecord: () => require("./storage-record") as typeof import("./storage-record"),
  chainloopDeployment: () => require("./chainloop-deployment") as typeof import("./chainloop-deployment"),
};
/* eslint-enable */

let shared: RunContext | undefined;
const context = (): RunContext =>
  (shared ??= load.context().createRunContext({ environment: process.env, warn, info, interruption }));

export const deploymentRecord: Provider = lazyProvider(() =>
  continueNative(load.deploymentRecord().deploymentRecordProvider(context())),
);
export const clusterDeploymentSet: Provider = lazyProvider(() =>
  continueNative(load.clusterDeploymentSet().clusterDeploymentSetProvider(context())),
);
export const storageRecord: Provider = lazyProvider(() =>
  continueNative(load.storageRecord().storageRecordProvider(context())),
);
export const chainloopDeployment: Provider = lazyProvider(() =>
  continueNative(load.chainloopDeployment().chainloopDeploymentProvider(context())),
);
