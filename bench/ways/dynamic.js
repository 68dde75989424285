// What a user would write without this package: a dynamic provider, whose functions Pulumi stores in the state.
const pulumi = require("@pulumi/pulumi");

const IDENTITY = ["logicalEnvironment", "physicalEnvironment", "cluster", "deploymentName"];
const INPUTS = [...IDENTITY, "name", "version", "digest"];

const write = async (inputs, status) => {
  const { Octokit } = await import("@octokit/rest");
  const headers = { accept: "application/vnd.github+json", "x-github-api-version": "2022-11-28" };
  const octokit = new Octokit({ auth: process.env.GITHUB_TOKEN, baseUrl: process.env.GITHUB_API_URL });
  const { data } = await octokit.request("POST /orgs/{org}/artifacts/metadata/deployment-record", {
    org: process.env.GITHUB_OWNER,
    name: inputs.name,
    version: inputs.version,
    digest: inputs.digest,
    status,
    logical_environment: inputs.logicalEnvironment,
    physical_environment: inputs.physicalEnvironment,
    cluster: inputs.cluster,
    deployment_name: inputs.deploymentName,
    headers,
  });
  return String(data.deployment_records[0].id);
};

const differing = (names, olds, news) => names.filter((name) => olds[name] !== news[name]);

const provider = {
  async diff(_id, olds, news) {
    const replaces = differing(IDENTITY, olds, news);
    return { changes: differing(INPUTS, olds, news).length > 0, replaces };
  },
  async create(inputs) {
    const id = await write(inputs, "deployed");
    return { id, outs: { ...inputs, recordId: id } };
  },
  async update(_id, _olds, news) {
    const recordId = await write(news, "deployed");
    return { outs: { ...news, recordId } };
  },
  async delete(_id, props) {
    await write(props, "decommissioned");
  },
};

class DynamicDeployment extends pulumi.dynamic.Resource {
  constructor(name, inputs) {
    super(provider, name, { ...inputs, recordId: undefined });
  }
}

exports.declare = ({ place, deployments }) => {
  for (const deployment of deployments)
    new DynamicDeployment(deployment.deploymentName, { ...place, ...deployment });
};
