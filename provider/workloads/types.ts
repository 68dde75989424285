/** A container of a workload. */
export interface WorkloadContainer {
  /** What runs it. @example "Deployment", "TaskDefinition", "Function" */
  kind: string;
  /** Of a Kubernetes workload; empty for others. */
  namespace: string;
  /** The workload's name. Of one that has none: its `generateName`, or empty. */
  workload: string;
  /** The container's name. Empty where the workload has no containers, or a single one without a name. */
  container: string;
}

/** A container as it was read: its image and annotations are taken over, whatever they are. */
export interface FoundContainer extends WorkloadContainer {
  image: unknown;
  /** The annotations of what is nearest to the container first, then of what owns it. */
  annotations: readonly unknown[];
  /** What was given: a resource, or an object. */
  origin: unknown;
}

/** How workloads are read. */
export interface ReadOptions {
  initContainers?: boolean;
  include?: (container: FoundContainer) => boolean;
  onSkip?: (object: unknown, reason: string) => void;
}

/** How Kubernetes workloads are read. */
export interface KubernetesReadOptions extends ReadOptions {
  /** The namespace of workloads that name none. */
  namespace?: string;
  sidecars?: boolean;
  /** Other kinds with a pod template: `Rollout`, `argoproj.io/Rollout`, `argoproj.io/v1alpha1/Rollout`. */
  kinds?: readonly string[];
}

/** What a caller knows of values that this folder does not. */
export interface Values {
  /** Whether a preview does not know a value. */
  isUnknown: (value: unknown) => boolean;
  /** What the user gave, of the object that stands for it. */
  originOf: (object: object) => unknown;
}

/** Everything is known, and every object stands for itself. */
export const plainValues: Values = { isUnknown: () => false, originOf: (object) => object };
