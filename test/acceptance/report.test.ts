/** The report on a stack's state says what the server has: each record, and no other. */
import { run } from "../cli/support";
import { digestOf } from "./support/declarations";
import { entry, mixedScene, set, single } from "./support/mixed";

interface Listed {
  deploymentName?: string;
  artifact?: string;
  [field: string]: unknown;
}

test("the report on an exported state has the server's records, and shows no secret", async () => {
  const { up, github, scene } = await mixedScene();
  await up([
    single("web", { tags: { owner: { $secret: "hunter2" } } }),
    single("cart", { version: { $secret: "9.9.9-hidden" }, runtimeRisks: ["internet-exposed"] }),
    set("fleet", ["mailer"], {
      deployments: { mailer: entry("mailer"), off: entry("off", { status: "decommissioned" }) },
    }),
    {
      kind: "StorageRecord",
      name: "libfoo",
      args: {
        name: "libfoo",
        version: "1.0.0",
        digest: digestOf("libfoo"),
        registryUrl: "https://reg.example.com",
      },
    },
  ]);
  const state = JSON.stringify(await scene.stack.exportState());
  const { stdout } = await run(["report", "--all", "--format", "json"], state);
  const listed = (JSON.parse(stdout) as { records: Listed[] }).records;
  const deployments = listed.filter(({ deploymentName }) => deploymentName !== undefined);
  const fields = ({ deploymentName, cluster, artifact, digest, status }: Listed) =>
    [deploymentName, cluster, artifact, digest, status].join(" ");
  expect(deployments.map(fields).sort()).toEqual(
    github
      .deploymentRecords()
      .map(({ deployment_name, cluster, name, digest, status }) =>
        [deployment_name, cluster, name, digest, status].join(" "),
      )
      .sort(),
  );
  expect(listed.filter(({ kind }) => kind === "storage")).toMatchObject([
    { artifact: "libfoo", version: "1.0.0" },
  ]);
  for (const format of ["text", "markdown", "json", "csv"]) {
    const text = (await run(["report", "--format", format], state)).stdout;
    expect(text).not.toMatch(/hunter2|9\.9\.9/);
    expect(text).toContain("secret");
  }

  const env = { GITHUB_API_URL: github.url, GITHUB_TOKEN: github.token };
  const check = async () => (await run(["report", "--check"], state, env)).stdout.split("\n", 1)[0];
  expect(await check()).toMatch(/; 0 of 4 compared differ$/);
  const [cart] = github.deploymentRecords().filter(({ deployment_name }) => deployment_name === "cart");
  if (!cart) throw new Error("There is no record of cart");
  const { name, digest, logical_environment, physical_environment, cluster, deployment_name } = cart;
  const where = { logical_environment, physical_environment, cluster, deployment_name };
  github.writeDeployment("acme", { name, digest, status: "deployed", ...where, tags: { by: "another" } });
  expect(await check()).toMatch(/; 1 of 4 compared differ$/);
});
