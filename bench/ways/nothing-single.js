const { Nothing } = require("./nothing");

exports.declare = ({ place, deployments }) => {
  for (const deployment of deployments) new Nothing(deployment.deploymentName, { ...place, ...deployment });
};
