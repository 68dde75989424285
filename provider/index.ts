/**
 * What runs inside Pulumi's provider host: `__provider` in every resource is one line that requires this module.
 */
import type * as pulumi from "@pulumi/pulumi";
import type { Host } from "./lifecycle/host";
import { createInterruption, onCancel } from "./lifecycle/interruption";
import { info, thenTold, warn } from "./log";

/** As Pulumi's host calls it. What it takes and gives is declared by the resource classes. */
type Provider = pulumi.dynamic.ResourceProvider;

const interruption = createInterruption();
onCancel(interruption.begin);

/* eslint-disable @typescript-eslint/no-require-imports --
   Pulumi loads this module in each run: a stack pays for the resources that it has. */
let shared: Host | undefined;
const host = (): Host =>
  (shared ??= (require("./lifecycle/host") as typeof import("./lifecycle/host")).createHost({
    environment: process.env,
    ...{ warn, info, interruption },
  }));

export const deploymentRecord: Provider = thenTold(() =>
  (require("./deployment-record") as typeof import("./deployment-record")).deploymentRecordProvider(host()),
);
export const clusterDeploymentSet: Provider = thenTold(() =>
  (
    require("./cluster-deployment-set") as typeof import("./cluster-deployment-set")
  ).clusterDeploymentSetProvider(host()),
);
export const storageRecord: Provider = thenTold(() =>
  (require("./storage-record") as typeof import("./storage-record")).storageRecordProvider(host()),
);
export const chainloopDeployment: Provider = thenTold(() =>
  (require("./chainloop-deployment") as typeof import("./chainloop-deployment")).chainloopDeploymentProvider(
    host(),
  ),
);
/* eslint-enable */
