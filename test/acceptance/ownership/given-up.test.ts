/** What nobody declares any more is decommissioned, also where its last write was not done. */
import { digestOf } from "../support/declarations";
import { mixedScene, single, statuses, urnOf } from "../support/mixed";

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

test("a record that was to be replaced, whose create failed and that is given up is decommissioned", async () => {
  const { up, github } = await mixedScene();
  const job = { ...single("job"), options: { deleteBeforeReplace: true } };
  await up([job]);
  const failing = github.fault({
    match: { method: "POST" },
    when: "before",
    do: { status: 403, body: { message: "Resource not accessible by personal access token" } },
    times: Infinity,
  });
  await up([job], { replace: [urnOf(job)], exitCode: 1 });
  failing.remove();
  await up([]);
  expect(statuses(github)).toEqual(["job decommissioned"]);
});
