/** What nobody declares any more is decommissioned, also where its last write was not done. */
import { digestOf } from "../support/declarations";
import { elsewhere, failElsewhere } from "../support/elsewhere";
import { mixedScene, set, single, statuses, urnOf } from "../support/mixed";

test("with onMissingArtifact: warn, a rename to a digest without an attestation leaves nothing deployed", async () => {
  const { up, github } = await mixedScene({
    server: { attested: [digestOf("web")] },
    config: { "artifact-metadata:onMissingArtifact": "warn" },
  });
  await up([single("web", {}, "old")]);
  await up([single("web", { digest: digestOf("unknown") }, "new")]);
  await up([]);
  expect(statuses(github)).toEqual(["web decommissioned"]);
});

test.each([
  ["a record", single("job")],
  ["a set", set("fleet", ["job"])],
])(
  "%s that was to be replaced, whose create failed and that is given up is decommissioned",
  async (_, thing) => {
    const { up, github } = await mixedScene();
    const declared = { ...thing, options: { deleteBeforeReplace: true } };
    await up([declared]);
    const failing = github.fault({
      match: { method: "POST" },
      when: "before",
      do: { status: 403, body: { message: "Resource not accessible by personal access token" } },
      times: Infinity,
    });
    await up([declared], { replace: [urnOf(declared)], exitCode: 1 });
    failing.remove();
    await up([]);
    expect(statuses(github)).toEqual(["job decommissioned"]);
  },
);

test("an entry that a set still has to remove is not declared by a refresh, where the set ignores its deployments", async () => {
  const { up, preview, scene, github } = await mixedScene();
  const web = single("web", {}, "c");
  await up([set("x", ["api"]), web]);
  const failing = failElsewhere(github);
  await up([set("x", ["api", "web"]), elsewhere(["x"])], { exitCode: 1 });
  failing.remove();
  await up([set("x", ["api"]), { ...web, options: { dependsOn: ["x"] } }]);

  const ignoring = { ...set("x", ["api"]), options: { ignoreChanges: ["deployments"] } };
  await scene.stack.refresh();
  await up([ignoring, web]);
  await up([ignoring]);
  expect(statuses(github).sort()).toEqual(["api deployed", "web decommissioned"]);
  expect(await preview([ignoring])).toMatchObject({ plan: [], requests: [] });
});
