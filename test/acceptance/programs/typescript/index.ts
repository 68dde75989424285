import * as pulumi from "@pulumi/pulumi";
import * as artifacts from "pulumi-artifact-metadata";

const version = new pulumi.Config().require("version");

class Service extends pulumi.ComponentResource {
  readonly recordId: pulumi.Output<string | undefined>;

  constructor(name: string, args: Pick<artifacts.DeploymentRecordArgs, "digest" | "tags">) {
    super("shop:index:Service", name, {});
    const record = new artifacts.DeploymentRecord(
      name,
      {
        ...args,
        name: `ghcr.io/acme/${name}`,
        version,
        logicalEnvironment: "production",
        physicalEnvironment: "eu-west-1",
        cluster: "prod-eu",
        deploymentName: `shop-${name}-${name}`,
      },
      { parent: this },
    );
    this.recordId = record.recordId;
    this.registerOutputs({ recordId: this.recordId });
  }
}

const web = new Service("web", { digest: `sha256:${"a1".repeat(32)}` });
new Service("api", {
  digest: `sha256:${"b2".repeat(32)}`,
  tags: { web: web.recordId.apply((id) => id ?? "") },
});

new artifacts.DeploymentRecord("minimal", {
  name: "ghcr.io/acme/minimal",
  version: "1.4.2",
  digest: `sha256:${"c3".repeat(32)}`,
  logicalEnvironment: "production",
  physicalEnvironment: "eu-west-1",
  cluster: "prod-eu",
  deploymentName: "shop-web-minimal",
});

new artifacts.DeploymentRecord("full", {
  org: "acme",
  name: "ghcr.io/acme/full",
  version: "1.4.2",
  digest: `sha256:${"d4".repeat(32)}`,
  status: "deployed",
  logicalEnvironment: "production",
  physicalEnvironment: "eu-west-1",
  cluster: "prod-eu",
  deploymentName: "shop-web-full",
  tags: { team: "shop", "data-access": "sensitive" },
  runtimeRisks: ["internet-exposed", "sensitive-data"],
  githubRepository: "shop",
});

export const webId = web.recordId;
