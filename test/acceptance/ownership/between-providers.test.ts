/** Several provider instances in one program: each with its own settings, and records that move from one to another. */
import { digestOf } from "../support/declarations";
import { mixedScene, set, single, statuses, type Thing } from "../support/mixed";

const by = (provider: string | undefined, thing: Thing): Thing => ({ ...thing, options: { provider } });

test("a Provider's resources and data functions use its organisation and token, and the others the stack's", async () => {
  const token = "github_pat_of_globex";
  const { up, preview, github, scene } = await mixedScene({
    server: {
      orgs: ["acme", "globex"],
      tokens: { github_pat_of_acme: { orgs: ["acme"] }, [token]: { orgs: ["globex"] } },
    },
    env: { GITHUB_TOKEN: "github_pat_of_acme" },
  });
  const get: Thing = { kind: "getDeploymentRecords", name: "running", args: { digest: digestOf("web") } };
  const things: Thing[] = [
    { kind: "Provider", name: "globex", args: { org: "globex", token } },
    single("web"),
    by("globex", single("web", {}, "globex-web")),
    by("globex", set("fleet", ["api"])),
  ];
  await up(things);
  const written = github.deploymentRecords().map(({ org, deployment_name }) => `${org} ${deployment_name}`);
  expect(written.sort()).toEqual(["acme web", "globex api", "globex web"]);
  const listed = await preview([...things, by("globex", get)], {
    outputs: { running: { $output: "running.org" } },
  });
  expect(listed.plan).toEqual([]);
  expect(listed.requests).toMatchObject([{ method: "GET", status: 200 }]);
  expect(listed.requests[0]?.path).toContain("/orgs/globex/");
  expect(JSON.stringify(await scene.stack.exportState())).not.toContain(token);
});

/** Long enough that another instance's removal is decided while a write is on its way. */
const REQUEST_MS = 800;

/** Every record is with one of two instances: alone, under another name there, and in and out of sets. */
const recordsAt = (place: "here" | "there"): Thing[] => {
  const [own, other] = place === "here" ? (["p", "q"] as const) : (["q", "p"] as const);
  return [
    ...["p", "q"].map((name): Thing => ({ kind: "Provider", name, args: {} })),
    by(own, single("same")),
    by(place === "here" ? undefined : "q", single("with-the-stack's")),
    by(own, single("renamed", {}, `renamed-${own}`)),
    by("p", set("set-p", place === "here" ? ["between-sets", "set-to-single"] : ["single-to-set"])),
    by("q", set("set-q", place === "here" ? ["stays"] : ["stays", "between-sets"])),
    by("q", single(place === "here" ? "single-to-set" : "set-to-single", {}, `alone-${other}`)),
  ];
};

test("records that move between providers, there and back, stay deployed at every moment", async () => {
  const { up, preview, github } = await mixedScene();
  await up(recordsAt("here"));
  const deployed = statuses(github).sort();
  expect(deployed).toHaveLength(7);

  github.fault({ when: "before", do: { delay: REQUEST_MS }, times: Infinity });
  for (const place of ["there", "here"] as const) {
    // A set finds out in the run after a move what the other instance has written.
    for (const { requests } of [await up(recordsAt(place)), await up(recordsAt(place))])
      expect(JSON.stringify(requests.map(({ body }) => body))).not.toContain("decommissioned");
    expect(statuses(github).sort()).toEqual(deployed);
    expect(await preview(recordsAt(place))).toMatchObject({ plan: [], requests: [] });
  }
});
