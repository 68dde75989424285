/** What a program declares: checked in the preview, unknown there, secret, or refused by GitHub. */
import { changed, digestOf, record, stored } from "./support/declarations";
import { entry, mixedScene, set, single } from "./support/mixed";
import { newScene } from "./support/scene";
import { stackTraces } from "./support/stacks";

test("an invalid input fails the preview and the update, names the property, and nothing is sent", async () => {
  const { preview, up } = await newScene();
  const problem =
    'property digest value {sha256:ABC} has a problem: must be "sha256:" and 64 hexadecimal digits';
  const named = [expect.stringMatching(new RegExp(`resource 'web': ${escaped(problem)} in lower case`))];

  const invalid = [record("web", { digest: "sha256:ABC" })];
  expect(await preview(invalid, { exitCode: 1 })).toMatchObject({ errors: named, requests: [] });
  expect(await up(invalid, { exitCode: 1 })).toMatchObject({ errors: named, requests: [] });

  const nested = [record("web", { tags: { team: "shop", "a bell": "\u0007" } })];
  const { errors, requests } = await preview(nested, { exitCode: 1 });
  expect(errors).toEqual([expect.stringMatching(/has a problem: "\S+" contains a control character/)]);
  expect(errors[0]).toContain('property tags["a bell"] value ');
  expect(requests).toEqual([]);
});

test("an error repeats a value inside a map or a list, unless it comes from an output, which can be a secret", async () => {
  const canary = "NOT-FOR-THE-LOG";
  const { preview } = await mixedScene();
  const runtimeRisks = ["internet-exposed", "intranet"];
  const deployments = {
    api: { ...entry("api"), digest: "sha256:ABC" },
    job: { ...entry("job"), runtimeRisks, tags: { key: { $secret: `${canary}\u0007` } } },
  };
  const ofRecord = await preview([single("web", { runtimeRisks })], { exitCode: 1 });
  expect(ofRecord.errors.join()).toContain(
    'runtimeRisks[1] value {<nil>} has a problem: "intranet" must be one of',
  );

  const { errors, output } = await preview([set("fleet", [], { deployments })], { exitCode: 1 });
  const message = errors.join("\n");
  for (const [path, problem] of [
    ["api.digest", '"sha256:ABC" must be'],
    ["job.runtimeRisks[1]", "must be one of"],
    ["job.tags.key", "contains a control character"],
  ])
    expect(message).toContain(`property deployments.${path} value {<nil>} has a problem: ${problem}`);
  expect(message + output).not.toContain(canary);
});

test("20. unknown values: they pass a preview, and are checked and sent once they are known", async () => {
  const first = record("first");
  const version = record("version", { version: { $output: "first.recordId" } });
  const digest = record("digest", { digest: { $digest: "first.recordId" } });
  const declared = [first, version, digest];
  const { preview, up, records, github } = await newScene();

  const planned = await preview(declared);
  expect(planned).toMatchObject({ plan: ["create digest", "create first", "create version"], requests: [] });
  await up();
  const id = github.deploymentRecords().find(({ name }) => name === first.args.name)?.id ?? "";
  const expected = [
    stored(digest, { digest: `sha256:${id.padEnd(64, "0")}` }),
    stored(first),
    stored(version, { version: id }),
  ];
  expect(records()).toEqual(expected);
  expect(await up()).toMatchObject({ plan: [], requests: [] });
});

test("20. unknown values: one that turns out to be invalid fails before its request", async () => {
  const first = record("first");
  const invalid = record("invalid", { digest: { $output: "first.recordId" } });
  const { preview, up, records } = await newScene();

  await preview([first, invalid]);
  const { errors, writes } = await up([first, invalid], { exitCode: 1 });
  expect(errors.join("\n")).toContain('must be "sha256:" and 64 hexadecimal digits in lower case');
  expect(writes).toBe(1);
  expect(records()).toEqual([stored(first)]);
});

test("a secret is sent as it is, and encrypted wherever it is saved or shown", async () => {
  const secret = "only-for-github";
  const web = record("web", { tags: { team: { $secret: secret } } });
  const { up, preview, refresh, records, stack } = await newScene();

  const runs = [await preview([web]), await up(), await up(), await refresh()];
  expect(runs.map(({ plan }) => plan)).toEqual([["create web"], ["create web"], [], []]);
  expect(records()).toEqual([stored(web, { tags: { team: secret } })]);
  for (const { output, events } of runs) expect(output + JSON.stringify(events)).not.toContain(secret);

  expect(JSON.stringify(await stack.exportState())).not.toContain(secret);
  expect(JSON.stringify(await stack.exportState({ showSecrets: true }))).toContain(secret);
});

describe("an artifact that GitHub does not know", () => {
  const known = record("known");
  const unknown = record("unknown");

  test("16. no attestation: fails its resource with the four causes, and no other resource", async () => {
    const { up, records } = await newScene({ server: { attested: [known.args.digest as string] } });

    const { errors, requests } = await up([known, unknown], { exitCode: 1 });
    const message = errors.join("\n");
    expect(message).toContain(`GitHub has no artifact with digest ${digestOf("unknown")}`);
    for (const cause of ["(1) the artifact has no", "(2) the token lacks", "(3) the org", "(4) this is the"])
      expect(message).toContain(cause);
    expect(message).not.toMatch(/\n\s+at /);
    expect(requests).toHaveLength(2);
    expect(records()).toEqual([stored(known)]);

    const named = changed(unknown, { githubRepository: "shop" });
    expect(await up([known, named])).toMatchObject({ plan: ["create unknown"], writes: 1 });
    expect(records()).toEqual([stored(known), stored(named)]);
  });

  test("16. no attestation: is a warning where the configuration says so, and is written once GitHub knows it", async () => {
    const { up, records, github } = await newScene({
      server: { attested: [known.args.digest as string] },
      config: { "artifact-metadata:onMissingArtifact": "warn" },
    });

    const first = await up([known, unknown]);
    expect(first.plan).toEqual(["create known", "create unknown"]);
    expect(first.warnings).toEqual([
      expect.stringContaining(`GitHub has no artifact with digest ${digestOf("unknown")}`),
    ]);
    expect(records()).toEqual([stored(known)]);

    github.attest("acme", digestOf("unknown"));
    expect(await up()).toMatchObject({ plan: ["update unknown"], writes: 1, warnings: [] });
    expect(records()).toEqual([stored(known), stored(unknown)]);
    expect(await up()).toMatchObject({ plan: [], requests: [] });
  });
});

const escaped = (text: string) => text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");

test("a secret in what identifies a record ends the preview, by name; a secret map of deployments is accepted", async () => {
  const { preview, up, scene, github } = await mixedScene();
  const $secret = "sig-canary";
  const wrong = [
    single("web", { cluster: { $secret } }),
    set("fleet", ["api"], { physicalEnvironment: { $secret } }),
  ];
  const { errors, output, events } = await preview(wrong, { exitCode: 1 });
  for (const named of [
    'DeploymentRecord "web": cluster',
    'ClusterDeploymentSet "fleet": physicalEnvironment',
  ])
    expect(errors).toContainEqual(expect.stringMatching(new RegExp(`(^|: )${named} is a secret, but`)));
  expect(errors.join("\n")).not.toContain("error serializing");
  expect(stackTraces(output)).toEqual([]);
  expect(output + JSON.stringify(events)).not.toContain($secret);
  expect(github.requests).toEqual([]);

  const { deployments } = set("fleet", ["api"]).args as { deployments: object };
  const tagged = Object.entries(deployments).map(([name, entry]) => [
    name,
    { ...(entry as object), tags: { $secret: { key: $secret } } },
  ]);
  await up([set("fleet", [], { deployments: { $secret: Object.fromEntries(tagged) } })]);
  expect(github.deploymentRecords()).toMatchObject([{ deployment_name: "api", tags: { key: $secret } }]);
  expect(JSON.stringify(await scene.stack.exportState())).not.toContain($secret);
});
