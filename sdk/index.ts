export { DeploymentRecord } from "./deployment-record";
export type { DeploymentRecordArgs, DeploymentRecordState, RuntimeRisk } from "./deployment-record";
