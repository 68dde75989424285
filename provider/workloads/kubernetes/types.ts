/** A container of a workload. */
export interface KubernetesContainer {
  /** @example "Deployment" */
  kind: string;
  namespace: string;
  /** The workload's name. Of one that has none: its `generateName`, or empty. */
  workload: string;
  /** The container's name. Empty where the workload has no containers. */
  container: string;
}

/** A container as it was read: its image and annotations are taken over, whatever they are. */
export interface FoundContainer extends KubernetesContainer {
  image: unknown;
  /** The annotations of the pod, then of what owns it. */
  annotations: readonly unknown[];
}

/** How workloads are read. */
export interface ReadOptions {
  /** The namespace of workloads that name none. */
  namespace?: string;
  initContainers?: boolean;
  sidecars?: boolean;
  /** Other kinds with a pod template: `Rollout`, `argoproj.io/Rollout`, `argoproj.io/v1alpha1/Rollout`. */
  kinds?: readonly string[];
  include?: (container: KubernetesContainer) => boolean;
  onSkip?: (object: unknown, reason: string) => void;
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
