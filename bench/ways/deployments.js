// What is declared, the same in every way.
function declarationsOf({ count, changed, cluster }) {
  const place = { logicalEnvironment: "production", physicalEnvironment: "eu-west-1", cluster };
  const deployments = Array.from({ length: count }, (_, index) => ({
    name: `ghcr.io/acme/web-${index}`,
    version: changed && index === 0 ? "1.0.1" : "1.0.0",
    digest: `sha256:${index.toString(16).padStart(64, "0")}`,
    deploymentName: `shop-web-${String(index).padStart(5, "0")}`,
  }));
  return { place, deployments };
}

// The shape of ClusterDeploymentSet's input.
const byName = (deployments) =>
  Object.fromEntries(deployments.map(({ deploymentName, ...entry }) => [deploymentName, entry]));

module.exports = { declarationsOf, byName };
