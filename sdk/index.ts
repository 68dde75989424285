/**
 * What a Pulumi program imports.
 *
 * @module pulumi-artifact-metadata
 */
export { ChainloopDeployment } from "./chainloop-deployment";
export type {
  ChainloopArtifactKind,
  ChainloopDeploymentArgs,
  ChainloopDeploymentImageArgs,
  ChainloopDeploymentInputs,
  ChainloopDeploymentStatus,
} from "./chainloop-deployment";
export { ClusterDeploymentSet } from "./cluster-deployment-set";
export type {
  ClusterDeployment,
  ClusterDeploymentImage,
  ClusterDeploymentInputs,
  ClusterDeploymentRecord,
  ClusterDeploymentSetArgs,
  ClusterDeploymentSetState,
} from "./cluster-deployment-set";
export { DeploymentRecord } from "./deployment-record";
export type {
  DeploymentRecordArgs,
  DeploymentRecordImageArgs,
  DeploymentRecordInputs,
  DeploymentRecordState,
} from "./deployment-record";
export { getChainloopDeployments, getChainloopDeploymentsOutput } from "./get-chainloop-deployments";
export type {
  GetChainloopDeploymentsArgs,
  GetChainloopDeploymentsOutputArgs,
  GetChainloopDeploymentsResult,
  ListedChainloopDeployment,
} from "./get-chainloop-deployments";
export {
  getDeploymentRecords,
  getDeploymentRecordsOutput,
  getStorageRecords,
  getStorageRecordsOutput,
} from "./get-records";
export type {
  GetDeploymentRecordsResult,
  GetRecordsArgs,
  GetRecordsOptions,
  GetRecordsOutputArgs,
  GetStorageRecordsResult,
  ListedDeploymentRecord,
  ListedStorageRecord,
} from "./get-records";
export { registryUrlOf } from "../provider/workloads/image-reference";
export type { Image } from "../provider/workloads/image-reference";
export { formatImage, parseImage } from "./image";
export type { AlreadyInImage, ImageInput } from "./image-inputs";
export { deploymentsFromKubernetes } from "./kubernetes";
export type {
  KubernetesCollection,
  KubernetesContainer,
  KubernetesObject,
  KubernetesOptions,
  KubernetesWorkloads,
} from "./kubernetes/types";
export { collectWorkloads } from "./collect-workloads";
export type {
  CollectedContainer,
  CollectedOptions,
  CollectOptions,
  WorkloadCollection,
} from "./collect-workloads/types";
export { deploymentsFromContainers } from "./containers";
export type { ContainerOptions, ContainerWorkload, ContainerWorkloads } from "./containers/types";
export type { DeploymentDetails, DeploymentOptions } from "./workloads/entries";
export type { WorkloadContainer } from "../provider/workloads/types";
export { NativeProvider, Provider } from "./provider";
export type { ProviderArgs } from "./provider-settings";
export type { RuntimeRisk } from "./risks";
export { StorageRecord } from "./storage-record";
export type { StorageRecordArgs, StorageRecordImageArgs, StorageRecordInputs } from "./storage-record";
