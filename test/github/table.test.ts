import { deploymentTable } from "../../local/github";
import { deployment, serve } from "./client";

test("a table shows each record, as wide as it needs", async () => {
  const { github } = await serve();
  expect(deploymentTable(github.deploymentRecords())).toBe("(no deployment records)");
  const more = {
    status: "decommissioned" as const,
    physical_environment: "eu-west-1",
    cluster: "prod",
    version: "1.4.2",
    tags: { team: "shop", tier: "1" },
    runtime_risks: ["internet-exposed"],
  };
  github.writeDeployment("acme", { ...deployment({ deployment_name: "shop-web" }), ...more });
  github.writeDeployment("acme", { ...deployment(), status: "deployed" });
  const table = deploymentTable(github.deploymentRecords());
  expect(table.split("\n")).toEqual([
    "DEPLOYMENT  ENVIRONMENT           CLUSTER  NAME              VERSION  DIGEST        STATUS          TAGS, RISKS",
    "shop-web    production/eu-west-1  prod     ghcr.io/acme/web  1.4.2    aaaaaaaaaaaa  decommissioned  team=shop tier=1 internet-exposed",
    "web         production            -        ghcr.io/acme/web  1.4.2    aaaaaaaaaaaa  deployed        -",
  ]);
});
