/** Sets, storage records and data functions through the engine. */
import { digestOf } from "./support/declarations";
import { entry, mixedScene, set, single, statuses, type Thing } from "./support/mixed";
import { stackTraces } from "./support/stacks";

test("14. 207 with one of 1,000 not found: a part that cannot be written fails the run, the rest is kept, and only the part is sent again", async () => {
  const { up, preview, github } = await mixedScene({
    server: { attested: [digestOf("api"), digestOf("web")] },
  });
  const fleet = [set("fleet", ["api", "job", "web"])];
  const { errors, output } = await up(fleet, { exitCode: 1 });
  expect(errors.join("\n")).toMatch(/deployments\["job"\]: GitHub has no artifact/);
  expect(stackTraces(output)).toEqual([]);
  expect(statuses(github)).toEqual(["api deployed", "web deployed"]);

  github.attest("acme", digestOf("job"));
  const { writes, requests } = await up(fleet);
  expect(writes).toBe(1);
  expect(requests[0]?.body).toMatchObject({ deployments: [{ deployment_name: "job" }] });
  expect(statuses(github)).toEqual(["api deployed", "job deployed", "web deployed"]);
  expect(await preview(fleet)).toMatchObject({ plan: [], requests: [] });
});

test("a preview shows the entry that changes by its name, and an update sends that one alone", async () => {
  const { up, preview, scene, github } = await mixedScene();
  const deployments = { "shop-api": entry("shop-api"), "shop-web": entry("shop-web") };
  await up([set("fleet", [], { deployments })]);
  const next = { ...deployments, "shop-web": entry("shop-web", { version: "1.0.1" }) };
  const { output, plan, requests } = await preview([set("fleet", [], { deployments: next })]);
  expect({ plan, requests }).toEqual({ plan: ["update fleet"], requests: [] });
  expect(output).toMatch(/~ shop-web *: \{[^}]*~ version *: "1\.0\.0" => "1\.0\.1"/);
  expect(output).not.toMatch(/~ shop-api/);

  const updated = await up([set("fleet", [], { deployments: next })]);
  expect(updated.requests).toMatchObject([{ body: { deployments: [{ deployment_name: "shop-web" }] } }]);
  expect(github.deploymentRecords().map(({ version }) => version)).toEqual(["1.0.0", "1.0.1"]);
  const [, web] = scene.records();
  if (!web) throw new Error("there is no record");
  scene.foreignWrite({ ...web, tags: { team: "other" } });
  await scene.refresh();
  const drifted = await preview([set("fleet", [], { deployments: next })]);
  expect(drifted.output).toMatch(/~ shop-web *: \{[^}]*- tags/);
});

const library: Thing = {
  kind: "StorageRecord",
  name: "libfoo",
  args: {
    name: "libfoo",
    digest: digestOf("libfoo"),
    registryUrl: "https://reg.example.com",
    status: "active",
  },
};

test("data functions read in a preview too, of the stack's own organisation and with its secret token", async () => {
  const { up, preview, scene } = await mixedScene({
    server: { token: "secret-token" },
    secretConfig: { "artifact-metadata:token": "secret-token" },
    config: { "artifact-metadata:org": "acme" },
    env: { GITHUB_TOKEN: "another", GITHUB_OWNER: "globex" },
  });
  await up([single("web"), library]);
  const outputs = { deployed: { $output: "deployed.records" }, stored: { $output: "stored.records" } };
  const things: Thing[] = [
    single("web"),
    library,
    { kind: "getDeploymentRecordsOutput", name: "deployed", args: { digest: digestOf("web") } },
    { kind: "getStorageRecordsOutput", name: "stored", args: { digest: digestOf("libfoo") } },
  ];
  expect(await preview(things, { outputs })).toMatchObject({
    requests: [{ method: "GET" }, { method: "GET" }],
  });
  const { writes } = await up(things, { outputs });
  expect(writes).toBe(0);
  const { deployment } = await scene.stack.exportState();
  const root = deployment.resources?.find(({ type }) => type === "pulumi:pulumi:Stack");
  expect(root?.outputs).toMatchObject({
    deployed: [{ deploymentName: "web", digest: digestOf("web"), logicalEnvironment: "production" }],
    stored: [{ name: "libfoo", registryUrl: "https://reg.example.com", status: "active" }],
  });
});

test("a data function that fails ends the program with one sentence", async () => {
  const { preview } = await mixedScene();
  const failing = { kind: "getDeploymentRecords", name: "wrong", args: { digest: "sha256:1" } } as const;
  const { errors, output } = await preview([failing], { exitCode: 1 });
  expect(errors.join("\n")).toMatch(
    /getDeploymentRecords: digest must be "sha256:" and 64 hexadecimal digits/,
  );
  expect(output).not.toMatch(/^ +at |RunError/m);
});

test("18. hostile keys: names that every object has are names like others, from the program to GitHub and back", async () => {
  const { scene, up, preview, github } = await mixedScene();
  const keys = ["constructor", "hasOwnProperty", "then", "toString", "valueOf"];
  const tags = (value: string) => Object.fromEntries(keys.map((key) => [key, `${value} ${key}`]));
  const things = (names: string[], value: string) => [
    set("fleet", [], {
      deployments: Object.fromEntries(names.map((name) => [name, entry(name, { tags: tags(value) })])),
    }),
    single("web", { tags: tags(value) }),
  ];
  const outputs = Object.fromEntries(
    keys.flatMap((key) => [
      [`${key}1`, { $output: "fleet.records", $key: key }],
      [`${key}2`, { $output: "web.tags", $key: key }],
    ]),
  );
  const shown = () => github.deploymentRecords().map(({ tags: has }) => has);
  await up(things(keys, "first"), { outputs });
  expect(statuses(github)).toEqual([...keys, "web"].map((name) => `${name} deployed`));
  expect(shown()).toEqual(Array(keys.length + 1).fill(tags("first")));
  const { deployment } = await scene.stack.exportState();
  const [root] = deployment.resources ?? [];
  expect(root?.outputs).toMatchObject({
    then1: { recordId: github.deploymentRecords()[2]?.id },
    toString1: { recordId: github.deploymentRecords()[3]?.id },
    ...Object.fromEntries(keys.map((key) => [`${key}2`, `first ${key}`])),
  });
  expect(await preview(things(keys, "first"), { outputs })).toMatchObject({ plan: [], requests: [] });

  await up(things(keys.slice(2), "second"));
  expect(statuses(github).slice(0, 4)).toEqual([
    "constructor decommissioned",
    "hasOwnProperty decommissioned",
    "then deployed",
    "toString deployed",
  ]);
  expect(shown().slice(2)).toEqual(Array(4).fill(tags("second")));
  const refused = [set("fleet", [], { deployments: JSON.parse('{"__proto__":{}}') as object })];
  expect((await preview(refused, { exitCode: 1 })).output).toMatch(
    /a key "__proto__", which Pulumi cannot carry/,
  );
});

test("18. hostile keys: a refresh finds what changed at such a name, and the next update restores it", async () => {
  const { scene, up, github } = await mixedScene();
  const things = [set("fleet", ["toString", "then", "constructor"])];
  await up(things);
  const [first] = github.deploymentRecords();
  if (first === undefined) throw new Error("there is no record");
  const { org, logical_environment, physical_environment, cluster, deployment_name, name, digest } = first;
  const place = { logical_environment, physical_environment, cluster, deployment_name };
  github.writeDeployment(org, { ...place, name, digest, status: "deployed", tags: { valueOf: "x" } });
  const env = { DECLARATIONS: JSON.stringify({ resources: things, outputs: {} }) };
  const refreshed = await scene.stack.refresh({ env });
  expect(refreshed.output).toMatch(/valueOf/);
  const { writes, written } = await up(things);
  expect({ writes, written }).toEqual({ writes: 1, written: 1 });
  expect(github.deploymentRecords()[0]?.tags).toEqual({});
});
