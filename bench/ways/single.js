// A resource for each deployment.
const { DeploymentRecord } = require("pulumi-artifact-metadata");

exports.declare = ({ place, deployments }) => {
  for (const deployment of deployments)
    new DeploymentRecord(deployment.deploymentName, { ...place, ...deployment });
};
