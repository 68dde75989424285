/** Values that a refresh found, and values that were secret. */
import { digestOf } from "../support/declarations";
import { entry, mixedScene, set, single } from "../support/mixed";

test("what a refresh found and `ignoreChanges` keeps is accepted", async () => {
  const { up, scene, github } = await mixedScene();
  const web = {
    ...single("web", { tags: { team: "shop" } }),
    options: { ignoreChanges: ["status", "tags"] },
  };
  await up([web]);
  const [record] = scene.records();
  if (record === undefined) throw new Error("there is no record");
  scene.foreignWrite({ ...record, digest: digestOf("other"), tags: {} });
  await scene.stack.refresh();
  await up([web]);
  await up([{ ...web, args: { ...web.args, version: "1.0.1" } }]);
  expect(github.deploymentRecords()).toMatchObject([{ status: "deployed", version: "1.0.1" }]);
});

test("a former secret of an entry does not stand in plain text in the state, where the write that replaces it failed", async () => {
  const { up, scene } = await mixedScene({ server: { attested: [digestOf("web"), digestOf("api")] } });
  const fleet = (web: object) => ({
    ...set("fleet", []),
    args: { ...set("fleet", []).args, deployments: { web: entry("web", web), api: entry("api") } },
  });
  await up([fleet({ tags: { $secret: { key: "former-secret" } } })]);
  await up([fleet({ tags: { key: "open" }, digest: digestOf("unknown") })], { exitCode: 1 });
  expect(JSON.stringify(await scene.stack.exportState())).not.toContain("former-secret");
});
