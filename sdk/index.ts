export { ClusterDeploymentSet } from "./cluster-deployment-set";
export type {
  ClusterDeployment,
  ClusterDeploymentRecord,
  ClusterDeploymentSetArgs,
  ClusterDeploymentSetState,
} from "./cluster-deployment-set";
export { DeploymentRecord } from "./deployment-record";
export type { DeploymentRecordArgs, DeploymentRecordState } from "./deployment-record";
export {
  getDeploymentRecords,
  getDeploymentRecordsOutput,
  getStorageRecords,
  getStorageRecordsOutput,
} from "./get-records";
export type {
  GetDeploymentRecordsResult,
  GetRecordsArgs,
  GetRecordsOutputArgs,
  GetStorageRecordsResult,
  ListedDeploymentRecord,
  ListedStorageRecord,
} from "./get-records";
export type { RuntimeRisk } from "./risks";
export { StorageRecord } from "./storage-record";
export type { StorageRecordArgs } from "./storage-record";
