// One resource for all deployments of the cluster.
const { ClusterDeploymentSet } = require("pulumi-artifact-metadata");
const { byName } = require("./deployments");

exports.declare = ({ place, deployments }) => {
  new ClusterDeploymentSet("fleet", { ...place, deployments: byName(deployments) });
};
