/** The program in examples/kubernetes: records of what Kubernetes manifests declare. */
import { resolve } from "node:path";
import { newScene } from "./support/scene";

const program = resolve(__dirname, "../../examples/kubernetes");
// The program's types are checked with all others; here it is to start quickly.
const env = { PULUMI_NODEJS_TRANSPILE_ONLY: "true" };

test("each container of the manifests is recorded, with what its annotations say", async () => {
  const { preview, up, github } = await newScene({ program, env });
  expect(await preview()).toMatchObject({ plan: ["create prod-eu"], requests: [] });
  const { requests } = await up();
  expect(requests).toHaveLength(1);

  const shown = github.deploymentRecords().map(({ deployment_name, name, version, tags, runtime_risks }) => {
    return [deployment_name, `${name}:${version}`, tags, runtime_risks];
  });
  expect(shown.sort()).toEqual([
    ["shop-reports-reports", "ghcr.io/acme/reports:0.9.1", {}, ["sensitive-data"]],
    ["shop-web-proxy", "ghcr.io/acme/proxy:3.1.0", { team: "shop" }, ["internet-exposed"]],
    ["shop-web-web", "ghcr.io/acme/web:1.4.2", { team: "shop" }, ["internet-exposed"]],
  ]);
});
