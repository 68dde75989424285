/** Two provider instances are two processes of one run. */
import { elsewhere, failElsewhere } from "../support/elsewhere";
import { mixedScene, set, single, statuses, type Thing } from "../support/mixed";

const by = (provider: string, thing: Thing, dependsOn: string[] = []): Thing => ({
  ...thing,
  options: { provider, dependsOn },
});

test("a record that moves from a set of one provider to a resource of another stays deployed at every moment", async () => {
  const { up, preview, github } = await mixedScene();
  const providers = ["p", "q"].map((name): Thing => ({ kind: "Provider", name, args: {} }));
  await up([...providers, by("p", set("x", ["api", "web"]))]);
  const after = [...providers, by("p", set("x", ["api"])), by("q", single("web"), ["x"])];
  const { requests } = await up(after);
  expect(statuses(github).sort()).toEqual(["api deployed", "web deployed"]);
  expect(JSON.stringify(requests.map(({ body }) => body))).not.toContain("decommissioned");
  await up(after);
  expect(statuses(github).sort()).toEqual(["api deployed", "web deployed"]);
  expect(await preview(after)).toMatchObject({ plan: [], requests: [] });
});

test("a record that went to a set of another provider and back, with a run that failed, is in one preview at most", async () => {
  const { up, preview, github } = await mixedScene();
  const providers = ["p", "q"].map((name): Thing => ({ kind: "Provider", name, args: {} }));
  const here = [...providers, by("p", set("x", ["api"])), by("q", single("web"))];
  await up(here);
  const failing = failElsewhere(github);
  await up([...providers, by("p", set("x", ["api", "web"])), elsewhere(["x"])], { exitCode: 1 });
  failing.remove();
  const { requests } = await up(here);
  expect(JSON.stringify(requests.map(({ body }) => body))).not.toContain("decommissioned");
  const { warnings } = await up(here);
  expect(warnings.join("\n")).toMatch(/"web" .* was left as it is: .* with another provider declares it/);
  expect(statuses(github).sort()).toEqual(["api deployed", "web deployed"]);
  expect(await preview(here)).toMatchObject({ plan: [], requests: [] });
});
