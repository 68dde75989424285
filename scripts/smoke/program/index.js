// What the life cycle declares: a record, a set and a storage record, all of one artifact. SMOKE says which.
const { ClusterDeploymentSet, DeploymentRecord, StorageRecord } = require("pulumi-artifact-metadata");

const { org, artifact, environment, cluster, registryUrl, tags } = JSON.parse(process.env.SMOKE);

new DeploymentRecord("single", {
  ...{ org, ...artifact, logicalEnvironment: environment, deploymentName: "life-single" },
  ...{ tags, runtimeRisks: ["internet-exposed"] },
});
new ClusterDeploymentSet("set", {
  ...{ org, logicalEnvironment: environment, cluster },
  deployments: { "life-one": { ...artifact, tags }, "life-two": artifact },
});
new StorageRecord("storage", { org, ...artifact, registryUrl, repository: environment });
