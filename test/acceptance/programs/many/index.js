// Declares so many records (COUNT) of one kind (KIND): more than an environment variable could hold.
const { ClusterDeploymentSet, DeploymentRecord } = require("pulumi-artifact-metadata");

const { COUNT, KIND } = process.env;
const place = { logicalEnvironment: "production", physicalEnvironment: "eu-west-1" };
const entries = Array.from({ length: Number(COUNT) }, (_, index) => ({
  name: `ghcr.io/acme/web-${index}`,
  digest: `sha256:${index.toString(16).padStart(64, "0")}`,
  deploymentName: `web-${index}`,
}));

if (KIND === "set") {
  const deployments = entries.map(({ deploymentName, ...entry }) => [deploymentName, entry]);
  new ClusterDeploymentSet("fleet", {
    ...place,
    cluster: "prod-eu",
    deployments: Object.fromEntries(deployments),
  });
} else {
  for (const entry of entries) {
    const cluster = KIND === "clusters" ? `cluster-${entry.deploymentName}` : "prod-eu";
    new DeploymentRecord(entry.deploymentName, { ...place, cluster, ...entry });
  }
}
