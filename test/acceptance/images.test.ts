/** Images in place of name, version and digest: on the wire, in a preview that does not know them, and wrong ones. */
import { digestOf } from "./support/declarations";
import { onLong } from "./support/long";
import { mixedScene, single, type Thing } from "./support/mixed";
import { stackTraces } from "./support/stacks";

const place = { logicalEnvironment: "production", physicalEnvironment: "eu-west-1", cluster: "prod-eu" };
const record = (name: string, image: unknown): Thing => ({
  kind: "DeploymentRecord",
  name,
  args: { ...place, deploymentName: name, image },
});
const set = (deployments: object): Thing => ({
  kind: "ClusterDeploymentSet",
  name: "fleet",
  args: { ...place, deployments },
});

/** Known when the first record is there. */
const web = { $prefix: "ghcr.io/acme/web:1.4.2@", of: { $digest: { $output: "first.recordId" } } };
const known = `nginx:1.27@${digestOf("nginx")}`;

test("images are recorded as name, version and digest, also those that a preview does not know", async () => {
  const { preview, up, github } = await mixedScene();
  const things = [
    single("first"),
    record("web", web),
    set({ "shop-api": { image: web }, "shop-nginx": { image: known } }),
    {
      kind: "StorageRecord",
      name: "stored",
      args: { image: web },
    } satisfies Thing,
  ];
  expect(await preview(things)).toMatchObject({
    plan: ["create first", "create fleet", "create stored", "create web"],
    requests: [],
  });
  await up(things);
  const digest = github.deploymentRecords().find(({ deployment_name }) => deployment_name === "web")?.digest;
  expect(digest).toMatch(/^sha256:[0-9]+$/);
  const shown = github
    .deploymentRecords()
    .map(({ deployment_name, name, version, digest }) => [deployment_name, name, version, digest]);
  expect(shown.sort()).toEqual([
    ["first", "ghcr.io/acme/first", "1.0.0", digestOf("first")],
    ["shop-api", "ghcr.io/acme/web", "1.4.2", digest],
    ["shop-nginx", "nginx", "1.27", digestOf("nginx")],
    ["web", "ghcr.io/acme/web", "1.4.2", digest],
  ]);
  expect(github.storageRecords()).toMatchObject([
    { name: "ghcr.io/acme/web", version: "1.4.2", digest, registry_url: "https://ghcr.io" },
  ]);
  expect(await up(things)).toMatchObject({ plan: [], requests: [] });
});

test("an image without a digest ends the program with one sentence that names it, and shows no secret", async () => {
  const { preview, github } = await mixedScene();
  const now = await preview([record("web", "nginx:1.27")], { exitCode: 1 });
  expect(now.errors.join("\n")).toContain('DeploymentRecord "web": image "nginx:1.27" has no digest.');
  const secret = await preview([set({ "shop-web": { image: { $secret: "a-secret:1.27" } } })], {
    exitCode: 1,
  });
  expect(secret.errors.join("\n")).toContain(
    'ClusterDeploymentSet "fleet": deployments["shop-web"].image (secret) has no digest.',
  );
  for (const { output, events } of [now, secret]) {
    expect(stackTraces(output)).toEqual([]);
    expect(output + JSON.stringify(events)).not.toContain("a-secret");
  }
  expect(github.requests).toEqual([]);
});

onLong("ignoreChanges with an image keeps what was written of it, and writes the rest", async () => {
  const { preview, up, github } = await mixedScene();
  const imageOf = (tag: string) => `ghcr.io/acme/web:${tag}@${digestOf(tag)}`;
  const things = (tag: string, tags: object): Thing[] => [
    { ...record("web", imageOf(tag)), options: { ignoreChanges: ["image"] } },
    {
      ...set({ api: { image: imageOf(tag), tags }, job: { image: known, tags } }),
      options: { ignoreChanges: ['deployments["api"].image'] },
    },
  ];
  await up(things("1.0.0", {}));
  expect(await preview(things("1.1.0", {}))).toMatchObject({ plan: [], requests: [] });
  expect((await up(things("1.1.0", { team: "shop" }))).plan).toEqual(["update fleet"]);
  expect(
    github
      .deploymentRecords()
      .map(({ version }) => version)
      .sort(),
  ).toEqual(["1.0.0", "1.0.0", "1.27"]);
});

const long = process.env.LONG ? test : test.skip;

long("one that a preview does not know ends the update, and nothing is written of it", async () => {
  const { up, github } = await mixedScene();
  const image = { $prefix: "nginx:", of: { $output: "first.recordId" } };
  const { errors, output } = await up([single("first"), set({ "shop-web": { image } })], { exitCode: 1 });
  expect(errors.join("\n")).toMatch(/deployments\["shop-web"\]\.image "nginx:[0-9]+" has no digest\./);
  expect(stackTraces(output)).toEqual([]);
  expect(github.deploymentRecords().map(({ deployment_name }) => deployment_name)).toEqual(["first"]);
});
