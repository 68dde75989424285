import type * as pulumi from "@pulumi/pulumi";
import type { WorkloadContainer } from "../../provider/workloads/types";
import type { DeploymentOptions } from "../workloads/entries";

/** What runs containers beside Kubernetes: a resource that does, or a container's name and image. */
export interface ContainerWorkload {
  /** Of a container that is written out, and of most resources. */
  name?: pulumi.Input<string | undefined>;
  /** Of a container that is written out. @example "ghcr.io/acme/web:1.4.2@sha256:…" */
  image?: pulumi.Input<string | undefined>;
  /** Of a Lambda function. */
  imageUri?: pulumi.Input<string | undefined>;
  /** Of a Lambda function: `Zip` runs no image. */
  packageType?: pulumi.Input<string | undefined>;
  /** Of an ECS task definition. */
  family?: pulumi.Input<string | undefined>;
  /** Of an ECS task definition, as JSON text or as a list. */
  containerDefinitions?: pulumi.Input<string | readonly unknown[] | undefined>;
  /** Of a Cloud Run service or job, or a Container App. */
  template?: pulumi.Input<object | undefined>;
  /** Of a container group. */
  containers?: pulumi.Input<readonly unknown[] | undefined>;
  /** Of a component of awsx that has an ECS task definition. */
  taskDefinition?: pulumi.Input<string | object | undefined>;
}

/** Workloads in any form: resources, their arguments, `{ name, image }`, JSON text of these, lists of these. */
export type ContainerWorkloads = pulumi.Input<
  string | ContainerWorkload | Readonly<Record<string, unknown>> | readonly ContainerWorkloads[]
>;

/** How what runs containers becomes deployments. */
export type ContainerOptions = DeploymentOptions<WorkloadContainer>;
