const { byName } = require("./deployments");
const { Nothing } = require("./nothing");

exports.declare = ({ place, deployments }) => {
  new Nothing("fleet", { ...place, deployments: byName(deployments) });
};
