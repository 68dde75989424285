/** `DeploymentRecord.get`: a record that is managed elsewhere is read, and never written. */
import { digestOf, idOf, record, stored } from "./support/declarations";
import { newScene } from "./support/scene";

const web = record("web", { tags: { team: "shop" }, runtimeRisks: ["internet-exposed"] });
const reader = (id: string, state: object) => ({ name: "reader", get: { id, state } });
const OUTPUTS = ["org", "deploymentName", "cluster", "recordId", "tags", "runtimeRisks", "createdAt"];
const outputs = Object.fromEntries(OUTPUTS.map((name) => [name, { $output: `reader.${name}` }]));

test("reads what GitHub lists, in a preview and in an update, and leaves it when it is taken out", async () => {
  const { preview, up, destroy, records, foreignWrite, github, stack } = await newScene();
  foreignWrite(stored(web));
  const declared = [reader(idOf(web), { digest: web.args.digest })];

  expect(await preview(declared, { outputs })).toMatchObject({ plan: ["read reader"], writes: 0 });
  expect(await up(declared, { outputs })).toMatchObject({ plan: ["read reader"], writes: 0 });
  expect(await stackOutputs(stack)).toEqual({
    org: "acme",
    deploymentName: "shop-web",
    cluster: "prod-eu",
    recordId: github.deploymentRecords()[0]?.id,
    tags: { team: "shop" },
    runtimeRisks: ["internet-exposed"],
    createdAt: "2026-01-01T00:01:00Z",
  });

  foreignWrite(stored(web, { tags: { team: "other" } }));
  expect(await up(declared, { outputs })).toMatchObject({ writes: 0 });
  expect(await stackOutputs(stack)).toMatchObject({ tags: { team: "other" } });

  expect(await destroy()).toMatchObject({ writes: 0 });
  expect(records()).toEqual([stored(web, { tags: { team: "other" } })]);
});

test("says what is wrong where there is no such record, or it is asked for wrongly", async () => {
  const { preview, foreignWrite } = await newScene();
  foreignWrite(stored(web));
  const failure = async (id: string, state: object) => {
    const { errors, writes } = await preview([reader(id, state)], { exitCode: 1 });
    expect(writes).toBe(0);
    return errors.join("\n");
  };

  expect(await failure(idOf(web), { digest: digestOf("other") })).toContain(
    `GitHub lists no deployment record "shop-web" (production, eu-west-1, prod-eu) of acme for digest ${digestOf("other")}`,
  );
  expect(await failure(idOf(web), {})).toContain("cannot be read without its digest");
  expect(await failure("shop-web", { digest: web.args.digest })).toContain(
    '"shop-web" is not the ID of a deployment record',
  );
});

async function stackOutputs(stack: {
  exportState(): Promise<{ deployment: { resources?: { type: string; outputs?: object }[] } }>;
}) {
  const { deployment } = await stack.exportState();
  return deployment.resources?.find(({ type }) => type === "pulumi:pulumi:Stack")?.outputs;
}
