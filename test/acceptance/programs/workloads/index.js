// Workloads as components: they carry the type tokens and arguments of Kubernetes, and need no plugin. The environment
// variable WORKLOADS says which there are, and where they are declared.
const pulumi = require("@pulumi/pulumi");
const { ClusterDeploymentSet, collectWorkloads } = require("pulumi-artifact-metadata");

const { plain = [], inComponent = [], inApply = [], after = false } = JSON.parse(process.env.WORKLOADS);

const declare = ({ name, image }, parent) =>
  new pulumi.ComponentResource(
    "kubernetes:apps/v1:Deployment",
    name,
    {
      metadata: { name, namespace: "shop" },
      spec: { template: { spec: { containers: [{ name: "app", image }] } } },
    },
    { parent },
  );

const workloads = collectWorkloads();

for (const workload of plain) declare(workload);
if (inComponent.length > 0) {
  const shop = new pulumi.ComponentResource("acme:index:Shop", "shop");
  for (const workload of inComponent) declare(workload, shop);
}
const soon = pulumi.output(new Promise((resolve) => setTimeout(resolve, 50)));
const made = soon.apply(() => inApply.map((workload) => declare(workload)));

new ClusterDeploymentSet("fleet", {
  cluster: "prod-eu",
  logicalEnvironment: "production",
  deployments: workloads.deployments(after ? { after: made } : {}),
});
