import type * as pulumi from "@pulumi/pulumi";

/** A Kubernetes object: a resource of `@pulumi/kubernetes`, or the object that a manifest holds. */
export interface KubernetesObject {
  apiVersion?: pulumi.Input<string | undefined>;
  kind?: pulumi.Input<string | undefined>;
  metadata?: pulumi.Input<object | undefined>;
  /** Of a workload. */
  spec?: pulumi.Input<object | undefined>;
  /** Of a list. */
  items?: pulumi.Input<readonly unknown[] | undefined>;
}

/** What brings Kubernetes objects: `ConfigFile`, `ConfigGroup`, `Directory`, `Chart` of `@pulumi/kubernetes`. */
export interface KubernetesCollection {
  resources: pulumi.Input<object>;
}

/** Kubernetes objects in any form: resources, plain objects, YAML text with any number of documents, lists of these. */
export type KubernetesWorkloads = pulumi.Input<
  string | KubernetesObject | KubernetesCollection | readonly KubernetesWorkloads[]
>;

/** A container of a workload. */
export interface KubernetesContainer {
  /** @example "Deployment" */
  kind: string;
  namespace: string;
  /** The workload's name. */
  workload: string;
  /** The container's name. */
  container: string;
}

/** How workloads become deployments. */
export interface KubernetesOptions {
  /**
   * How a deployment is named: `{namespace}`, `{workload}`, `{container}` and `{kind}` stand for what they say. The
   * default is what GitHub recommends; `{namespace}/{workload}/{container}` is how github/deployment-tracker names
   * them, so that both write the same record.
   * @default "{namespace}-{workload}-{container}"
   */
  name?: string;
  /** The namespace of workloads that name none. @default "default" */
  namespace?: string;
  /** Also init containers, which end before the others begin. @default false */
  initContainers?: boolean;
  /** Also sidecars: init containers whose `restartPolicy` is `Always`, which run beside the others. @default true */
  sidecars?: boolean;
  /** Other kinds that have a pod template at `spec.template`. @example ["Rollout"] */
  kinds?: readonly string[];
  /** Which containers are recorded. @default all @example ({ container }) => container !== "istio-proxy" */
  include?: (container: KubernetesContainer) => boolean;
  /**
   * Says the digest (`sha256:…`) of an image that has none, or undefined where it cannot: then that is an error. It
   * is called for each such container, in a preview too.
   * @example (image) => lookUp(image)
   */
  resolveDigest?: (image: string, container: KubernetesContainer) => pulumi.Input<string | undefined>;
}
