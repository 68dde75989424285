import { recordInputs } from "../support/provider";
import { create, failureOf, newScene, refresh, update } from "../support/scene";

test("a token that has expired fails a refresh, instead of keeping the state with a warning", async () => {
  const scene = await newScene();
  const saved = await create(scene, recordInputs());
  const later = { ...scene, ...(await scene.another({ token: "ghp_expired" })) };
  expect((await failureOf(refresh(later, saved))).message).toMatch(/401.*token is wrong or has expired/);
});

test("a token that has expired decommissions nothing", async () => {
  const scene = await newScene();
  const saved = await create(scene, recordInputs());
  const later = await scene.another({ token: "ghp_expired" });
  expect((await failureOf(later.provider.delete(saved.id, saved.outs))).message).toMatch(/401/);
  expect(scene.github.deploymentRecords()).toMatchObject([{ status: "deployed" }]);
});

test("a list without its records is not taken for an empty one", async () => {
  const scene = await newScene();
  const saved = await create(scene, recordInputs());
  scene.github.fault({ match: { method: "GET" }, when: "after", do: { json: {} }, times: 1 });
  expect((await failureOf(refresh(scene, saved))).message).toMatch(
    /not what the API describes: deployment_records/,
  );
});

test("a list that counts no records is an empty one", async () => {
  const scene = await newScene();
  const saved = await create(scene, recordInputs());
  scene.github.fault({ match: { method: "GET" }, when: "after", do: { json: { total_count: 0 } }, times: 1 });
  expect((await refresh(scene, saved)).outs.status).toBe("not listed");
});

test("an update whose answer leaves the record out keeps what is known of it", async () => {
  const scene = await newScene();
  const saved = await create(scene, recordInputs());
  scene.github.fault({
    match: { method: "POST" },
    when: "after",
    do: { json: { total_count: 1 } },
    times: 1,
  });
  const { outs } = await update(scene, saved, recordInputs({ version: "2" }));
  expect(outs).toMatchObject({ recordId: saved.outs.recordId, createdAt: saved.outs.createdAt });
});

test("24. no right to read: many records are one warning", async () => {
  const scene = await newScene();
  const saved = [
    await create(scene, recordInputs()),
    await create(scene, recordInputs({ deploymentName: "b" })),
  ];
  scene.github.setToken(scene.github.token, { permission: "none" });
  for (const one of saved) await refresh(scene, one);
  expect(scene.warnings).toEqual([expect.stringMatching(/records of acme cannot be read/)]);
});
